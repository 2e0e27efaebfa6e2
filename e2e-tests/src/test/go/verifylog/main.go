// Command verifylog reads a Lair log over HTTP and believes none of it: it is a client that somebody else could have written,
// on top of the Go project's own checksum database code (golang.org/x/mod/sumdb). GoTilesIT runs it.
//
//	verifylog -url BASE -log log -vkey NAME+ID+KEY [-records N] [-proofs FILE] [-earlier FILE]
//
// It opens the checkpoint with the key, recomputes the root from the tiles and once more from the entries, proves records
// from the tiles, checks the .tlog-proof files whose paths FILE lists, and checks that the log extends the earlier signed
// checkpoints that FILE holds. Anything that does not hold ends it with status 1 and one line on standard error.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// height of the tiles: 2^8 hashes wide.
const height = 8

// between stands between two checkpoints in the file of earlier ones.
const between = "\n---\n"

func main() {
	url := flag.String("url", "", "base URL of the registry")
	prefix := flag.String("log", "log", "prefix of the log below the base URL")
	vkey := flag.String("vkey", "", "Ed25519 verifier key of the log")
	records := flag.Int64("records", 1000, "how many records to prove from the tiles")
	proofs := flag.String("proofs", "", "file with paths of .tlog-proof files, one a line")
	earlier := flag.String("earlier", "", "file with earlier checkpoints")
	flag.Parse()

	verifier, err := note.NewVerifier(*vkey)
	refuse("key", err)
	log := &client{
		base:     strings.TrimSuffix(*url, "/") + "/",
		prefix:   *prefix + "/",
		verifier: verifier,
		http:     &http.Client{Timeout: 30 * time.Second},
		tiles:    map[tlog.Tile][]byte{},
	}

	head, err := log.checkpoint()
	refuse("checkpoint", err)
	hashes := tlog.TileHashReader(head, log)
	refuse("tiles", log.checkRoot(head, hashes))
	entries, err := log.entries(head.N)
	refuse("entries", err)
	built, err := build(entries)
	refuse("entries", err)
	refuse("entries", checkBuilt(head, built))

	proven, err := proveRecords(head, hashes, entries, *records)
	refuse("record", err)
	trees, err := proveTrees(head, hashes, built)
	refuse("tree", err)
	signed, err := log.checkEarlier(*earlier, head, hashes)
	refuse("earlier checkpoint", err)
	files, err := log.checkProofs(*proofs, entries)
	refuse("proof", err)

	fmt.Printf("agreed size=%d root=%v records=%d trees=%d earlier=%d proofs=%d\n",
		head.N, head.Hash, proven, trees, signed, files)
}

func refuse(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "refused: %s: %v\n", what, err)
		os.Exit(1)
	}
}

// client reads one log. It is the tlog.TileReader of that log: what the library confirmed is kept, the rest is asked again.
type client struct {
	base     string
	prefix   string
	verifier note.Verifier
	http     *http.Client
	tiles    map[tlog.Tile][]byte
}

func (c *client) get(path string) ([]byte, error) {
	reply, err := c.http.Get(c.base + path)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(io.LimitReader(reply.Body, 32<<20))
	if err != nil {
		return nil, err
	}
	if reply.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: status %d", path, reply.StatusCode)
	}
	return body, nil
}

func (c *client) Height() int { return height }

func (c *client) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	read := make([][]byte, len(tiles))
	for i, tile := range tiles {
		if known, ok := c.tiles[tile]; ok {
			read[i] = known
			continue
		}
		// The checksum database has the height in its paths, tlog-tiles has only one height.
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		body, err := c.get(c.prefix + path)
		if err != nil {
			return nil, err
		}
		if len(body) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s: %d bytes for %d hashes", path, len(body), tile.W)
		}
		read[i] = body
	}
	return read, nil
}

func (c *client) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	for i, tile := range tiles {
		c.tiles[tile] = data[i]
	}
}

func (c *client) checkpoint() (tlog.Tree, error) {
	body, err := c.get(c.prefix + "checkpoint")
	if err != nil {
		return tlog.Tree{}, err
	}
	return c.open(body)
}

// open verifies a signed checkpoint of this log: origin, size and root, each on a line.
func (c *client) open(body []byte) (tlog.Tree, error) {
	opened, err := note.Open(body, note.VerifierList(c.verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return tlog.Tree{}, errors.New("the text has not exactly three lines")
	}
	if lines[0] != c.verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("it is about %q", lines[0])
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, fmt.Errorf("size %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, err
	}
	return tlog.Tree{N: size, Hash: root}, nil
}

// checkRoot has the library compute the root from tiles that it authenticates on the way.
func (c *client) checkRoot(head tlog.Tree, hashes tlog.HashReader) error {
	root, err := tlog.TreeHash(head.N, hashes)
	if err != nil {
		return err
	}
	if root != head.Hash {
		return fmt.Errorf("the tiles lead to %v, the checkpoint says %v", root, head.Hash)
	}
	return nil
}

// entries reads every entry bundle: entries behind their lengths of 16 bits.
func (c *client) entries(size int64) ([][]byte, error) {
	var all [][]byte
	for n := int64(0); n*256 < size; n++ {
		tile := tlog.Tile{H: height, L: 0, N: n, W: 256}
		if left := size - n*256; left < 256 {
			tile.W = int(left)
		}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		body, err := c.get(c.prefix + path)
		if err != nil {
			return nil, err
		}
		for i := 0; i < tile.W; i++ {
			if len(body) < 2 || len(body) < 2+int(binary.BigEndian.Uint16(body)) {
				return nil, fmt.Errorf("%s ends within entry %d", path, i)
			}
			end := 2 + int(binary.BigEndian.Uint16(body))
			all = append(all, body[2:end])
			body = body[end:]
		}
		if len(body) > 0 {
			return nil, fmt.Errorf("%s goes on behind its entries", path)
		}
	}
	return all, nil
}

// memory is a log that was built from entries alone.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = m[index]
	}
	return found, nil
}

func build(entries [][]byte) (memory, error) {
	var stored memory
	for i, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(i), entry, stored)
		if err != nil {
			return nil, err
		}
		stored = append(stored, hashes...)
	}
	return stored, nil
}

func checkBuilt(head tlog.Tree, built memory) error {
	root, err := tlog.TreeHash(head.N, built)
	if err != nil {
		return err
	}
	if root != head.Hash {
		return fmt.Errorf("the entries lead to %v, the checkpoint says %v", root, head.Hash)
	}
	return nil
}

// proveRecords proves the first, the last and every record between in even steps, from the tiles.
func proveRecords(head tlog.Tree, hashes tlog.HashReader, entries [][]byte, wanted int64) (int, error) {
	if wanted > head.N {
		return 0, fmt.Errorf("%d were asked for, the log has %d", wanted, head.N)
	}
	proven := 0
	for i := int64(0); i < wanted; i++ {
		index := i
		if wanted > 1 {
			index = i * (head.N - 1) / (wanted - 1)
		}
		proof, err := tlog.ProveRecord(head.N, index, hashes)
		if err != nil {
			return proven, err
		}
		if err := tlog.CheckRecord(proof, head.N, head.Hash, index, tlog.RecordHash(entries[index])); err != nil {
			return proven, fmt.Errorf("%d: %w", index, err)
		}
		proven++
	}
	return proven, nil
}

// proveTrees proves that the log extends its own beginnings, where sizes are awkward, and that these are the same whether
// they are read from tiles or built from entries.
func proveTrees(head tlog.Tree, hashes tlog.HashReader, built memory) (int, error) {
	proven := 0
	for _, size := range []int64{1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 767, 1000, head.N / 2, head.N - 1, head.N} {
		if size < 1 || size > head.N {
			continue
		}
		if err := extends(head, size, hashes, built); err != nil {
			return proven, fmt.Errorf("%d: %w", size, err)
		}
		proven++
	}
	return proven, nil
}

func extends(head tlog.Tree, size int64, hashes, other tlog.HashReader) error {
	old, err := tlog.TreeHash(size, other)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(head.N, size, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, head.N, head.Hash, size, old)
}

func (c *client) checkEarlier(file string, head tlog.Tree, hashes tlog.HashReader) (int, error) {
	if file == "" {
		return 0, nil
	}
	all, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	checked := 0
	for _, signed := range bytes.Split(all, []byte(between)) {
		old, err := c.open(signed)
		if err != nil {
			return checked, err
		}
		proof, err := tlog.ProveTree(head.N, old.N, hashes)
		if err != nil {
			return checked, err
		}
		if err := tlog.CheckTree(proof, head.N, head.Hash, old.N, old.Hash); err != nil {
			return checked, fmt.Errorf("of %d records: %w", old.N, err)
		}
		checked++
	}
	return checked, nil
}

func (c *client) checkProofs(file string, entries [][]byte) (int, error) {
	if file == "" {
		return 0, nil
	}
	paths, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	checked := 0
	for _, path := range strings.Fields(string(paths)) {
		body, err := c.get(path)
		if err != nil {
			return checked, err
		}
		if err := c.checkProof(body, entries); err != nil {
			return checked, fmt.Errorf("%s: %w", path, err)
		}
		checked++
	}
	return checked, nil
}

// checkProof checks a proof as the registry made it, in the form that c2sp.org/tlog-proof gives it.
func (c *client) checkProof(body []byte, entries [][]byte) error {
	above, signed, found := strings.Cut(string(body), "\n\n")
	lines := strings.Split(above, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("it is no tlog-proof")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		if _, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[0], "extra ")); err != nil {
			return err
		}
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return errors.New("it has no index")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	tree, err := c.open([]byte(signed))
	if err != nil {
		return err
	}
	if index < 0 || index >= int64(len(entries)) {
		return fmt.Errorf("the log has no record %d", index)
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entries[index]))
}
