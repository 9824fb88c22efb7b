"""python verify.py DIR: judges every .json, .jwt, .png and .svg under DIR with openbadgeslib.

What lies in a folder `bad` must be refused, all the rest must verify; anything else is an error.
Nothing goes online: keys come from did:key and did:jwk, status lists are not asked for.
"""

import base64
import json
import sys
from collections import Counter
from pathlib import Path

import jwt
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.keys import key_to_pem
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError, OB3Verifier, resolve_did

# What openbadgeslib does not look at: forgeries of these kinds are for others to refuse.
NOT_CHECKED = {"nbf-differs": "nbf and validFrom are not compared"}

READ = {
    ".json": lambda data: data.decode(),
    ".jwt": lambda data: data.decode(),
    ".png": OB3Verifier.extract_token_from_png,
    ".svg": lambda data: OB3Verifier.extract_token_from_svg(data),
}


def offline(url, *_args, **_options):
    raise OB3VerificationError(f"{url} is not on this machine")


def key_of(did):
    """The public key that a did:key or did:jwk, or a URL of one of its methods, holds."""
    did = did.split("#")[0]
    if did.startswith("did:jwk:"):
        encoded = did.removeprefix("did:jwk:")
        jwk = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
        return public_pem(jwk)
    return resolve_did(did, download=offline)


def public_pem(jwk):
    return key_to_pem(jwt.PyJWK(jwk).key)


def verify_jwt(token):
    """Verifies a VC-JWT with the key it names, which must be the key of its issuer."""
    header = jwt.get_unverified_header(token)
    key = key_of(header["kid"]) if "kid" in header else public_pem(header["jwk"])
    credential = OB3Verifier(pubkey_pem=key).verify(token, download=offline)
    issuer = credential.issuer.id
    if key_of(issuer) != key:
        key_name = header.get("kid", "an inline key")
        raise OB3VerificationError(f"signed by {key_name}, not by the key of its issuer {issuer}")


def verify(path):
    text = READ[path.suffix](path.read_bytes()).strip()
    if text.startswith("{"):
        OB3LdpVerifier().verify(text, download=offline)
    else:
        verify_jwt(text)


def main(directory):
    counts, wrong = Counter(), 0
    files = sorted(path for path in directory.rglob("*") if path.suffix in READ)
    for path in files:
        name = path.relative_to(directory)
        bad = "bad" in (*name.parts, directory.name)
        unchecked = [why for kind, why in NOT_CHECKED.items() if kind in path.stem]
        if bad and unchecked:
            print(f"note   {name}: not judged, {unchecked[0]}", file=sys.stderr)
            continue
        try:
            verify(path)
            refused = None
        except (LibOpenBadgesException, jwt.PyJWTError, ValueError, KeyError) as error:
            refused = error
        if bad != (refused is not None):
            wrong += 1
            why = "taken, though tampered with" if bad else refused
            print(f"WRONG  {name}: {why}", file=sys.stderr)
            continue
        counts["tampered with and refused" if bad else path.suffix[1:].upper()] += 1
    summary = ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "nothing"
    print(f"Python (openbadgeslib): {summary} as they should be, {wrong} wrong")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
