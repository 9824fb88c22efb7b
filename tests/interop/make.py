"""python make.py OUT: issues badges with openbadgeslib into OUT, as JSON, VC-JWT, PNG and SVG, and what
a forger would make of them into OUT/bad. The keys live for this run only.
"""

import base64
import copy
import json
import struct
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path

from openbadgeslib import baking
from openbadgeslib.keys import KeyFactory, KeyType, public_jwk_from_pem
from openbadgeslib.ob3 import (
    Achievement,
    Alignment,
    Evidence,
    IdentityObject,
    Issuer,
    OB3LdpSigner,
    OB3Signer,
    OpenBadgeCredential,
    Result,
    ResultDescription,
    did_jwk_from_jwk,
    did_key_from_pem,
)

ALGORITHMS = {"EdDSA": KeyType.ED25519, "ES256": KeyType.ECC, "RS256": KeyType.RSA}

SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><title>Fresque</title>
<circle cx="32" cy="32" r="30" fill="#0a6"/><path d="M16 34l10 10 22-24" stroke="#fff" fill="none"/>
</svg>"""


def png():
    """A green square of 64 by 64."""

    def chunk(kind, data):
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\0\xaa\x66" * 64) * 64
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def new_issuer(kind):
    """A key pair in PEM and the DID that holds its public half."""
    private, public = KeyFactory(kind).generate_keypair()
    if kind is KeyType.RSA:
        return private, did_jwk_from_jwk(public_jwk_from_pem(public))
    return private, did_key_from_pem(public)


def badge(issuer):
    levels = ResultDescription(
        id="urn:uuid:7e5c5a5e-0000-4000-8000-000000000001",
        name="Présence",
        result_type="Percent",
        value_min="0",
        value_max="100",
        required_value="60",
    )
    achievement = Achievement(
        id="urn:uuid:7e5c5a5e-0000-4000-8000-000000000002",
        name="Animer une fresque — deskiñ ar c’hoari",
        description="Sait animer un atelier de trois heures pour huit personnes.",
        criteria_narrative="Avoir **animé** trois ateliers.",
        tags=["climat", "kenlabourat"],
        achievement_type="Competency",
        credits_available=6.25,
        alignments=[Alignment("animer un groupe", "http://data.europa.eu/esco/skill/1", "ESCO")],
        result_descriptions=[levels],
    )
    return OpenBadgeCredential(
        issuer=Issuer(id=issuer, name="Ti ar Skiant — Île d’Arz", url="https://skiant.example/"),
        recipient_id="urn:uuid:7e5c5a5e-0000-4000-8000-000000000003",
        achievement=achievement,
        issuance_date=datetime(2025, 11, 15, 10, 0, 0, tzinfo=UTC),
        expiration_date=datetime(2095, 1, 1, tzinfo=UTC),
        evidence=[Evidence(id="https://skiant.example/preuve", narrative="Trois feuilles.")],
        credits_earned=4.5,
        identifiers=[IdentityObject.create("erwan.l-helgouac-h@example.org", "5a17b0a7c0ffee00")],
        results=[Result(value="83.5", result_description=levels.id)],
    )


def bake(name, text):
    """Both pictures, each with the credential in it, whatever the credential says."""
    is_jwt = not text.startswith("{")
    picture = baking.bake_png(png(), text, keyword=baking.ITXT_KEYWORD_OB3)
    (OUT / f"{name}.png").write_bytes(picture)
    picture = baking.bake_svg(
        SVG.encode(),
        text,
        element=baking.SVG_ELEMENT_OB3,
        namespace=baking.SVG_NS_OB3,
        as_text=not is_jwt,
    )
    (OUT / f"{name}.svg").write_bytes(picture)


def make_data_integrity():
    private, issuer = new_issuer(KeyType.ED25519)
    signer = OB3LdpSigner(private)
    text = signer.sign_to_json(badge(issuer))
    (OUT / "python-badge.json").write_text(text + "\n")
    bake("python-badge", text)

    forged = copy.deepcopy(json.loads(text))
    forged["credentialSubject"]["achievement"]["name"] = "Doctorat"
    forged = json.dumps(forged, ensure_ascii=False)
    (OUT / "bad/python-achievement-renamed.json").write_text(forged + "\n")
    bake("bad/python-achievement-renamed", forged)

    _, victim = new_issuer(KeyType.ED25519)
    forged = json.loads(signer.sign_to_json(badge(issuer)))
    forged["issuer"]["id"] = victim
    (OUT / "bad/python-issuer-taken.json").write_text(json.dumps(forged) + "\n")


def make_jwt(algorithm):
    private, issuer = new_issuer(ALGORITHMS[algorithm])
    name = f"python-{algorithm.lower()}"
    signer = OB3Signer(private, algorithm=algorithm)
    token = signer.sign(badge(issuer))
    (OUT / f"{name}.jwt").write_text(token + "\n")
    bake(name, token)

    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["credentialSubject"]["creditsEarned"] = 45
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    forged = f"{header}.{payload}.{signature}"
    (OUT / f"bad/{name}-payload-changed.jwt").write_text(forged + "\n")
    bake(f"bad/{name}-payload-changed", forged)

    # A stranger signs in the name of the issuer and shows a key of their own.
    stranger, _ = new_issuer(ALGORITHMS[algorithm])
    forged = OB3Signer(stranger, algorithm=algorithm).sign(badge(issuer))
    (OUT / f"bad/{name}-not-the-issuer.jwt").write_text(forged + "\n")


OUT = Path(sys.argv[1])
(OUT / "bad").mkdir(parents=True, exist_ok=True)
make_data_integrity()
for each in ALGORITHMS:
    make_jwt(each)
