package dev.lair.component.inspect;

/** What a binary asks of its host, from its imports. Order: what people want to know first. */
public enum Capability {
    FILESYSTEM("files and directories that the host opens for it"),
    SOCKETS("connections of its own, and name lookup"),
    HTTP("requests over HTTP"),
    TLS("encrypted connections"),
    ENVIRONMENT("environment variables, arguments and the initial directory"),
    CONFIG("configuration values that the host keeps"),
    SECRETS("secrets that the host keeps"),
    STORAGE("key-value, blob or database storage of the host"),
    MESSAGING("messages through a broker of the host"),
    STDIO("standard input and output, and the terminal"),
    LOGGING("lines in the log of the host"),
    CLOCKS("time and waiting"),
    RANDOM("random numbers"),
    THREADS("threads of the host"),
    NEURAL_NETWORKS("inference on models of the host"),
    EXIT("ending the program with a status"),
    IO("streams and polling, which other capabilities are built on; gives access to nothing by itself"),
    OTHER_WASI("an interface of WASI that is in no group here");

    private final String gives;

    Capability(String gives) {
        this.gives = gives;
    }

    /** What a host gives that grants it. */
    public String gives() {
        return gives;
    }
}
