"""Which certificates a client trusts: those of ``verify=``, of the environment, or the backend's own."""

from __future__ import annotations

import os
import ssl
from urllib.parse import urlsplit

from hcloud_images._runtime.backend import httpx
from hcloud_images.errors import InvalidValueException

#: What ``verify=`` takes: whether to verify, what to trust, or an SSL context.
Verify = bool | str | os.PathLike[str] | ssl.SSLContext

# The first that is set counts. Those of requests come first: the official client reads them, and not the other two.
_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
# OpenSSL's numbers for an issuer that isn't trusted; others are for certificates that expired or are another host's.
_UNKNOWN_ISSUER = {2, 18, 19, 20, 21}


def ssl_context_for(verify: Verify, endpoint: str) -> ssl.SSLContext | None:
    """Return how to encrypt what goes to an address, which may be a proxy's; ``None`` for plain http."""
    if urlsplit(endpoint).scheme != "https":
        return None  # loading certificates takes longer than a request
    source = "verify"
    if verify is True:
        found = ((name, os.environ[name]) for name in _VARIABLES if os.environ.get(name))
        source, verify = next(found, (source, verify))
    if isinstance(verify, ssl.SSLContext) and verify.protocol == ssl.PROTOCOL_TLS_SERVER:
        raise InvalidValueException("verify is the SSLContext of a server; make it with ssl.create_default_context()")
    if isinstance(verify, bool | ssl.SSLContext):
        return httpx.create_ssl_context(verify, trust_env=False)
    try:
        path = os.fspath(verify)
        if not path:
            raise ValueError("the path is empty")  # create_default_context() would trust the system's
        # pathlib takes longer to load than a request takes.
        if any(map(os.path.isdir, path.split(os.pathsep) if source == "SSL_CERT_DIR" else [path])):
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except (OSError, TypeError, ValueError) as error:
        raise InvalidValueException(f"{source}={verify!r}: can't read certificates from there: {error}") from error


def verification_advice(error: BaseException | None, handled: BaseException | None = None) -> str:
    """Return why a certificate isn't trusted, and what to do; an empty text for any other error.

    It may be any of the causes of an error, whose own text doesn't always say so.
    """
    while error is not handled and not isinstance(error, ssl.SSLCertVerificationError | None):
        error = error.__cause__ or error.__context__
    if not isinstance(error, ssl.SSLCertVerificationError) or error is handled:
        return ""
    text = f"its certificate isn't trusted ({error.verify_message.rstrip('.')}); "
    if error.verify_code not in _UNKNOWN_ISSUER:
        return text + "check the address and the clock"
    return text + (
        "if your company decrypts traffic, pass its certificate authority as verify=, or set"
        f" {', '.join(_VARIABLES[:-1])} or {_VARIABLES[-1]} (the first one that is set counts)"
    )
