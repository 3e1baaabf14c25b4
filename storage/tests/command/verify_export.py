"""A second verifier of exports, written from docs/FORMAT.md alone. It shares no code with the store.

    python3 verify_export.py EXPORT [SEQUENCE_OF_CHAIN=HASH ...]

Prints what it found; exit code 0 where nothing is wrong, 1 where something is.
"""

import json
import struct
import sys

IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
ORDER = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
CHUNK_START, CHUNK_END, PARENT, ROOT = 1, 2, 4, 8
MASK = 0xFFFFFFFF


def compress(chaining, words, counter, length, flags):
    """The compression function of BLAKE3; the first eight words of its output."""
    v = list(chaining) + [*IV[:4], counter & MASK, counter >> 32, length, flags]

    def mix(a, b, c, d, x, y):
        for word, (turn_d, turn_b) in ((x, (16, 12)), (y, (8, 7))):
            v[a] = (v[a] + v[b] + word) & MASK
            t = v[d] ^ v[a]
            v[d] = (t >> turn_d) | (t << (32 - turn_d)) & MASK
            v[c] = (v[c] + v[d]) & MASK
            t = v[b] ^ v[c]
            v[b] = (t >> turn_b) | (t << (32 - turn_b)) & MASK

    m = list(words)
    for turn in range(7):
        mix(0, 4, 8, 12, m[0], m[1])
        mix(1, 5, 9, 13, m[2], m[3])
        mix(2, 6, 10, 14, m[4], m[5])
        mix(3, 7, 11, 15, m[6], m[7])
        mix(0, 5, 10, 15, m[8], m[9])
        mix(1, 6, 11, 12, m[10], m[11])
        mix(2, 7, 8, 13, m[12], m[13])
        mix(3, 4, 9, 14, m[14], m[15])
        m = [m[place] for place in ORDER]
    return tuple(v[i] ^ v[i + 8] for i in range(8))


def chunk(data, counter, is_root):
    """The chaining value of up to 1,024 bytes."""
    chaining = IV
    blocks = [data[at : at + 64] for at in range(0, len(data), 64)] or [b""]
    for place, block in enumerate(blocks):
        flags = CHUNK_START if place == 0 else 0
        if place == len(blocks) - 1:
            flags |= CHUNK_END | (ROOT if is_root else 0)
        words = struct.unpack("<16I", block.ljust(64, b"\0"))
        chaining = compress(chaining, words, counter, len(block), flags)
    return chaining


def tree(data, counter, is_root):
    """The chaining value of any number of bytes: the left half is the largest power of two of chunks that leaves some."""
    if len(data) <= 1024:
        return chunk(data, counter, is_root)
    chunks = (len(data) - 1) // 1024
    left = 1 << (chunks.bit_length() - 1)
    words = tree(data[: left * 1024], counter, False) + tree(data[left * 1024 :], counter + left, False)
    return compress(IV, words, 0, 64, PARENT | (ROOT if is_root else 0))


def blake3(data):
    return struct.pack("<8I", *tree(data, 0, True))


class Encoder:
    """The bytes that are hashed."""

    def __init__(self, domain):
        self.data = bytearray()
        self.text(domain)

    def bytes(self, value):
        self.data += struct.pack(">Q", len(value)) + value

    def text(self, value):
        self.bytes(value.encode("utf-8"))

    def number(self, value):
        self.bytes(struct.pack(">Q", value))

    def optional(self, value):
        self.data.append(value is not None)
        if isinstance(value, str):
            self.text(value)
        elif value is not None:
            self.number(value)

    def digest(self):
        return blake3(bytes(self.data)).hex()


def event_hash(event):
    is_sealed = event["row_seals"] is not None
    to = Encoder("selene.audit.event.v2" if is_sealed else "selene.audit.event.v1")
    to.text(event["chain_id"])
    to.number(event["chain_sequence"])
    to.bytes(bytes.fromhex(event["previous_hash"]))
    to.text(event["event_id"])
    if not is_sealed:
        to.number(event["ledger_position"])
    to.number(event["created_at"])
    for name in ("tenant_id", "work_order_id", "session_id", "user_id", "device_id"):
        to.optional(event[name])
    for name in ("engine", "event_type", "reason_code", "severity"):
        to.text(event[name])
    to.bytes(int(event["correlation_id"]).to_bytes(16, "big"))
    to.number(event["turn_id"])
    to.optional(event["simulation_id"])
    to.text(event["payload_min"])
    to.optional(event["evidence_ref"])
    to.optional(event["idempotency_key"])
    if is_sealed:
        to.text(event["row_seals"])
    return to.digest()


def row_seal(row):
    """Table, key and digest of a row."""
    to = Encoder("selene.row.v1")
    to.text(row["table"])
    to.number(0)
    key = []
    for place, (name, kind, value) in enumerate(row["columns"]):
        to.text(kind)
        if kind == "i":
            to.number(value)
        elif kind == "r":
            to.bytes(struct.pack(">d", value))
        elif kind == "t":
            to.text(value)
        else:
            to.bytes(bytes.fromhex(value))
        to.text(name)
        if place < row["key_columns"]:
            key.append(str(value))
    return row["table"], tuple(key), to.digest()


LEDGERS = {
    "conversation_ledger",
    "idempotency_records",
    "memory_ledger",
    "position_events",
    "requirement_schema_events",
    "voice_enrollment_samples",
    "wake_enrollment_samples",
    "wake_runtime_events",
}


def ledger_seals(event):
    """The ledger rows that an event seals: table and key, with the digest."""
    seals = {}
    for entry in json.loads(event["row_seals"] or "[]"):
        if isinstance(entry, str):
            place = (event["chain_id"], str(event["chain_sequence"]))
            seals["idempotency_records", place] = entry
        elif entry[0] in LEDGERS:
            is_one_row = len(entry) == 4 and entry[2] == 0
            seals[entry[0], tuple(entry[1])] = entry[3] if is_one_row else None
    return seals


MEMBERS = {
    "export": {"format", "tenant_id"},
    "chain": {"tenant_id", "after_sequence", "after_hash"},
    "event": {
        "chain_id", "chain_sequence", "previous_hash", "event_id", "created_at", "tenant_id", "work_order_id", "session_id",
        "user_id", "device_id", "engine", "event_type", "reason_code", "severity", "correlation_id", "turn_id",
        "simulation_id", "payload_min", "evidence_ref", "idempotency_key", "row_seals", "hash",
    },
    "row": {"table", "key_columns", "is_sealed", "columns"},
    "end": {"chains", "events", "rows", "unsealed_rows"},
}


def once(pairs):
    """An object whose members have different names."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member that stands twice")
    return members


def read(text):
    """The kind of a line and its members; an error where a name is missing, doubled or unknown."""
    (kind, line), = json.loads(text, object_pairs_hook=once).items()
    if kind not in MEMBERS:
        raise ValueError("no such kind of line")
    names = MEMBERS[kind]
    if kind == "event" and line.get("row_seals") is None:
        names = names | {"ledger_position"}
    if set(line) != names:
        raise ValueError(f"other members than the form has: {sorted(set(line) ^ names)}")
    if kind == "event" and line["correlation_id"] != str(int(line["correlation_id"])):
        raise ValueError("a correlation in other digits than its number has")
    return kind, line


def verify(lines, heads):
    faults, counts = [], dict(chains=0, events=0, rows=0, unsealed_rows=0)
    chain, awaited, end = None, {}, None
    tenant, met, is_sealed, has_unsealed = None, set(), False, False

    def missing(number):
        for table, key in awaited:
            faults.append(f"line {number}: {table} {key} is missing before")

    def meet(number):
        met.add(chain[:2])
        if heads.get(chain[:2], chain[2]) != chain[2]:
            faults.append(f"line {number}: another event than the saved head says")

    for number, text in enumerate(lines, 1):
        try:
            kind, line = read(text)
        except (ValueError, AttributeError, TypeError) as error:
            faults.append(f"line {number}: {error}")
            break
        if chain is None and kind in ("event", "row"):
            faults.append(f"line {number}: no chain has begun")
            break
        if end is not None:
            faults.append(f"line {number}: behind the end")
        if (kind == "export") != (number == 1):
            faults.append(f"line {number}: the line of an export is the first one")
        if kind == "export":
            tenant = line["tenant_id"]
            if line["format"] != "selene.export.v1":
                faults.append(f"line {number}: another format")
        elif kind == "chain":
            missing(number)
            awaited, is_sealed, before = {}, False, chain
            counts["chains"] += 1
            chain = (line["tenant_id"] or "", line["after_sequence"], line["after_hash"])
            if tenant not in (None, line["tenant_id"]) or line["tenant_id"] == "":
                faults.append(f"line {number}: the chain of another tenant")
            if before is not None and before[0].encode() >= chain[0].encode():
                faults.append(f"line {number}: a chain that stood before, or that stands after a later one")
            if counts["unsealed_rows"]:
                faults.append(f"line {number}: a chain behind the rows that no event seals")
            if chain[1] == 0 and chain[2] != "0" * 64:
                faults.append(f"line {number}: no event has another hash than zeros")
            meet(number)
        elif kind == "event":
            missing(number)
            counts["events"] += 1
            chain_id, sequence, before = chain
            if counts["unsealed_rows"]:
                faults.append(f"line {number}: an event behind the rows that no event seals")
            if line["row_seals"] is None and is_sealed:
                faults.append(f"line {number}: an event without seals behind one with seals")
            has_unsealed |= line["row_seals"] is None
            is_sealed |= line["row_seals"] is not None
            if (line["chain_id"], line["tenant_id"] or "") != (chain_id, chain_id):
                faults.append(f"line {number}: an event of another chain")
            if line["chain_sequence"] != sequence + 1 or line["previous_hash"] != before:
                faults.append(f"line {number}: the event does not follow the one before it")
            if event_hash(line) != line["hash"]:
                faults.append(f"line {number}: the event is not what its hash says")
            chain = (chain_id, line["chain_sequence"], line["hash"])
            meet(number)
            awaited = ledger_seals(line)
        elif kind == "row" and not line["is_sealed"]:
            missing(number)
            awaited = {}
            counts["unsealed_rows"] += 1
            if tenant is not None or not has_unsealed:
                faults.append(f"line {number}: a row of no event of this export")
        elif kind == "row":
            counts["rows"] += 1
            table, key, digest = row_seal(line)
            if awaited.pop((table, key), None) != digest:
                faults.append(f"line {number}: the row is not what its event says")
        else:
            missing(number)
            awaited, end = {}, line
    for chain_id, sequence in sorted(heads.keys() - met):
        if tenant in (None, chain_id):
            faults.append(f"the chain {chain_id!r} does not reach event {sequence}, of which a head was saved")
    if end != counts:
        faults.append("the export does not hold as much as its end says")
    return counts, faults


def main():
    heads = {}
    for head in sys.argv[2:]:
        place, value = head.split("=")
        sequence, _, chain_id = place.partition("@")
        heads[chain_id, int(sequence)] = value
    with open(sys.argv[1], encoding="utf-8") as lines:
        counts, faults = verify(lines, heads)
    print(json.dumps(counts))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
