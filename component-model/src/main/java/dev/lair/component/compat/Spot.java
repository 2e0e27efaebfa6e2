package dev.lair.component.compat;

import dev.lair.component.wit.Place;

/**
 * Where a difference is.
 *
 * @param owner the interface, world, import or export, with the word for it in front: {@code interface streams}
 * @param item what inside of it, {@code input-stream.read}; empty for the owner itself
 * @param before the place in the old text; {@link Place#NONE} when the item is not there, or there is no text
 * @param after the same in the new text
 */
public record Spot(String owner, String item, Place before, Place after) {
    /** The same owner, another item. */
    Spot at(String other, Place inOld, Place inNew) {
        return new Spot(owner, other, inOld, inNew);
    }

    /** Where, for people: {@code interface streams, input-stream.read (old.wit:4, new.wit:5)}. */
    public String text() {
        String places = places();
        return owner + (item.isEmpty() ? "" : ", " + item) + (places.isEmpty() ? "" : " (" + places + ")");
    }

    private String places() {
        String old = line(before);
        String next = line(after);
        return old.isEmpty() || next.isEmpty() ? old + next : old + ", " + next;
    }

    private static String line(Place place) {
        return place.isKnown() ? place.file() + ':' + place.line() : "";
    }
}
