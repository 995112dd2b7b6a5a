"""Checks sealed bundles with code that nobody of Countersign wrote.

    third_party.py DIRECTORY LOG KEY_ID PUBLIC_KEY

unpacks every zip in DIRECTORY with Python's zipfile, verifies its DSSE envelopes with securesystemslib, their statements
with in-toto-attestation, and its log entries with rfc8785 (canonical JSON) and pymerkle (RFC 9162 trees). Exits 0 if all
hold. Python's hashlib and the cryptography package, which checks the notes' signatures, complete the picture.
"""

import base64
import hashlib
import json
import pathlib
import sys
import zipfile

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from google.protobuf import json_format
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from pymerkle import InmemoryTree
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

directory, log, key_id, public = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
key = SSlibKey(f"{log}+{key_id}", "ed25519", "ed25519", {"public": public})


def statement(text):
    """The statement in an envelope that the portal has signed; a changed one must not verify."""
    envelope = Envelope.from_dict(json.loads(text))
    envelope.verify([key], 1)
    changed = Envelope(envelope.payload + b" ", envelope.payload_type, envelope.signatures)
    try:
        changed.verify([key], 1)
        sys.exit("securesystemslib verified a changed envelope")
    except VerificationError:
        pass
    assert envelope.payload_type == "application/vnd.in-toto+json"
    message = json_format.Parse(envelope.payload, statement_pb2.Statement())
    Statement.copy_from_pb(message).validate()
    assert rfc8785.dumps(json.loads(envelope.payload)) == envelope.payload, "the statement is canonical"
    return json.loads(envelope.payload)


def checkpoint(note):
    """Size and root of a signed checkpoint."""
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    of_log = [line.split(" ") for line in signatures.splitlines()]
    signature = next(base64.b64decode(line[2]) for line in of_log if line[1] == log)
    origin, size, root = text.splitlines()[:3]
    assert origin == log
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature[4:], text.encode())
    except InvalidSignature:
        # A key that the log has had before: the manifest vouches for what it signed.
        assert signature[:4].hex() != key_id, "the current key signed something else"
    return int(size), base64.b64decode(root)


def climb(leaf, index, size, proof):
    """The root that a proof leads to, with pymerkle's own hashing (RFC 9162, 2.1.3.2)."""
    tree, node, last, found = InmemoryTree(algorithm="sha256"), index, size - 1, leaf
    for aside in proof:
        if node % 2 or node == last:
            found = tree.hash_pair(aside, found)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            found = tree.hash_pair(found, aside)
        node, last = node >> 1, last >> 1
    assert last == 0
    return found


def check(bundle):
    with zipfile.ZipFile(bundle) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = statement(files.pop("manifest.json"))
    signed = {subject["name"]: subject["digest"]["sha256"] for subject in manifest["subject"]}
    assert signed == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}

    attested = statement(files["releases/7/attestation.json"])
    dossier = json.loads(files["releases/7/dossier.json"])
    assert attested["subject"][0]["digest"]["sha256"] == dossier["version_digest"]
    assert attested["predicate"]["dossierDigest"] == signed["releases/7/dossier.json"]

    size, root = checkpoint(files["log/checkpoint"].decode())
    tree = InmemoryTree(algorithm="sha256")
    entries = [json.loads(line) for line in files["log/entries.jsonl"].splitlines()]
    for entry in entries:
        canonical = rfc8785.dumps(entry["entry"])
        leaf = hashlib.sha256(b"\0" + canonical).digest()
        assert climb(leaf, entry["index"], size, [bytes.fromhex(hash) for hash in entry["proof"]]) == root
        tree.append_entry(canonical)
    if len(entries) == size:  # all of them: the whole tree, at every size that was signed
        assert tree.get_state() == root
        for line in files["log/checkpoints.jsonl"].splitlines():
            earlier, root_then = checkpoint(json.loads(line)["note"])
            assert tree.get_state(earlier) == root_then
    print(f"{bundle.name}: {len(files)} files, {len(entries)} entries of {size}")


bundles = sorted(directory.glob("*.zip"))
assert bundles, "there are no bundles"
for one in bundles:
    check(one)
