package dev.lair.component;

import java.nio.ByteBuffer;

/**
 * Validates the core modules of one binary (core specification 3.0, chapters 3 and 5): sections, types and function
 * bodies. Work and memory are bounded by {@link Limits} for all modules of the binary together, whatever their sizes; the
 * buffers may be mapped files.
 *
 * <p>An error of the virtual machine, as {@link OutOfMemoryError}, passes through: it says something about this process
 * and nothing about the bytes, and is no verdict to keep.
 */
public final class CoreValidator {
    private final CoreWork work = new CoreWork();

    /** For the modules of another binary. */
    public CoreValidator() {}

    /**
     * Validates a module that is the whole binary.
     *
     * @param module from position to limit; its position stays
     * @throws InvalidWasmException when the bytes are no valid core module, with rule and offset
     */
    public static CoreCheck validate(ByteBuffer module) throws InvalidWasmException {
        return new CoreValidator().next(module);
    }

    /**
     * Validates the next module of the binary.
     *
     * @param module from position to limit; its position stays. Offsets in the verdict count from its start
     * @throws InvalidWasmException when the bytes are no valid core module, with rule and offset
     */
    public CoreCheck next(ByteBuffer module) throws InvalidWasmException {
        return CoreModule.check(new WasmReader(module), work, true);
    }
}
