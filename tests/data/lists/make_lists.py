#!/usr/bin/env python3
"""Writes the list files of this folder, independently of the C++ code.

Needs the commands openssl and zstd. Keys are those of RFC 8032, 7.1, so
everything here is public and comes out the same every time.
"""

import base64
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SEEDS = [
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
]
ISSUER = "Hotline Example"


def canonical(value):
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def digest(entry):
    entry = {k: v for k, v in entry.items() if k != "op"}
    return hashlib.sha256(canonical(entry)).digest()


def content(entries):
    total = bytes(32)
    for entry in entries:
        total = bytes(a ^ b for a, b in zip(total, digest(entry)))
    return total.hex()


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Key:
    def __init__(self, seed):
        # PKCS#8 of an Ed25519 seed is this prefix and the seed (RFC 8410).
        der = bytes.fromhex("302e020100300506032b657004220420" + seed)
        body = base64.b64encode(der).decode()
        self.pem = f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            file.write(self.pem.encode())
            file.flush()
            spki = subprocess.run(
                ["openssl", "pkey", "-in", file.name, "-pubout", "-outform", "DER"],
                check=True, capture_output=True,
            ).stdout
        self.public = spki[-32:]
        self.kid = base64url(hashlib.sha256(self.public).digest())

    def sign(self, message):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "key.pem").write_text(self.pem)
            (Path(folder) / "message").write_bytes(message)
            return subprocess.run(
                ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", "key.pem",
                 "-in", "message"],
                check=True, capture_output=True, cwd=folder,
            ).stdout


def jws(payload, keys):
    signatures = []
    for key in keys:
        header = {"alg": "EdDSA", "b64": False, "crit": ["b64"], "kid": key.kid}
        protected = base64url(canonical(header))
        signature = key.sign(protected.encode() + b"." + payload)
        signatures.append({"protected": protected, "signature": base64url(signature)})
    return canonical({"signatures": signatures}) + b"\n"


def write(name, payload, keys):
    (HERE / name).write_bytes(payload)
    (HERE / (name + ".jws")).write_bytes(jws(payload, keys))


def list_file(envelope, entries):
    # Members in the order of the documentation: only digests need them sorted.
    lines = [envelope] + entries
    return "".join(
        json.dumps(line, ensure_ascii=False) + "\n" for line in lines
    ).encode()


def envelope(version, kind, entries, in_force, issued, previous=None):
    made = {
        "format": "lenscap-list/1",
        "list_id": "hidden-cameras",
        "issuer": ISSUER,
        "legal_basis": "Example Act, section 7",
        "jurisdictions": ["EU", "KR"],
        "purpose": "known_clips",
        "version": version,
        "issued": issued,
        "expires": "2027-01-01T00:00:00Z",
        "kind": kind,
        "entries": len(entries),
        "content_sha256": content(in_force),
    }
    if previous is not None:
        made["previous_sha256"] = hashlib.sha256(previous).hexdigest()
    return made


PDQ = "f8f8f0cce0f4a84d0e370a22028f67f0b36e2ed596623e1d33e6b39c4e9c9b22"
ADD_IMAGE = {
    "op": "add",
    "id": "case-1:image",
    "severity": "confirmed",
    "category": "changing room",
    "action": "block",
    "max_distance": 20,
    "assessors": ["Zoë 김", "B"],
    "signals": [
        {"type": "pdq", "value": PDQ, "quality": 100},
        {"type": "md5", "value": hashlib.md5(b"image").hexdigest()},
        {"type": "sha1", "value": hashlib.sha1(b"image").hexdigest()},
        {"type": "sha256", "value": hashlib.sha256(b"image").hexdigest()},
    ],
}
ADD_VIDEO = {
    "op": "add",
    "id": "case-2:video",
    "severity": "critical",
    "duration_us": 2500000,
    "expires": "2026-12-31T23:59:59Z",
    "signals": [
        {"type": "vpdq", "value": [[PDQ, 100, 0], [PDQ[::-1], 80, 500000, 2500000]]},
    ],
}
UPDATE_IMAGE = {
    "op": "update",
    "id": "case-1:image",
    "severity": "suspected",
    "signals": [{"type": "pdq", "value": PDQ, "quality": 100}],
}
WITHDRAW_VIDEO = {"op": "withdraw", "id": "case-2:video", "reason": "a film scene"}


def main():
    keys = [Key(seed) for seed in SEEDS]
    write("keys.json", canonical({
        "format": "lenscap-keys/1",
        "issuer": ISSUER,
        "version": 1,
        "threshold": 2,
        "keys": [
            {"kid": key.kid, "public_key": base64url(key.public),
             "added": "2026-01-01T00:00:00Z"} for key in keys
        ],
        "revoked": [],
        "expires": "2028-01-01T00:00:00Z",
    }) + b"\n", keys)

    first = [ADD_IMAGE, ADD_VIDEO]
    version1 = list_file(
        envelope(1, "snapshot", first, first, "2026-02-01T12:00:00Z"), first)
    write("version1.ndjson", version1, keys)

    second = [UPDATE_IMAGE, WITHDRAW_VIDEO]
    plain = list_file(
        envelope(2, "delta", second, [UPDATE_IMAGE], "2026-02-02T12:00:00Z",
                 version1), second)
    write("version2.ndjson.zst", subprocess.run(
        ["zstd", "-19", "-c"], input=plain, check=True, capture_output=True,
    ).stdout, keys)


main()
