package dev.lair.e2e;

class MemoryReferenceBehavioursIT extends ReferenceBehaviours {

    @Override
    String storage() {
        return "memory";
    }
}
