"""Bearer tokens of an identity provider: a real one's keys on loopback, rotated, withdrawn and out of reach."""

import base64
import hmac
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi.testclient import TestClient
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from concord.service.errors import NoKeys, NotReady, SignInFailed, Unauthenticated
from concord.service.oidc import Keys, Tokens
from concord.service.sign_in import Pending, SignIn
from concord.workspace.serving import OidcSettings

AUDIENCE = "concord"
CLOSED = "The Zanzibar office closes in June: how many days of annual leave for everyone in it?"
RSA = {name: rsa.generate_private_key(65537, 2048) for name in ("one", "two")}
EC = ec.generate_private_key(ec.SECP256R1())


class Provider:
    """An identity provider: its configuration and keys over HTTP, and tokens of its making."""

    def __init__(self, port):
        self.issuer, self.published, self.asked, self.names = f"http://127.0.0.1:{port}/realm", ["one"], 0, None
        self.instead = None

    def answer(self, path):
        if path == "/realm/.well-known/openid-configuration":
            return {"issuer": self.names or self.issuer, "jwks_uri": f"{self.issuer}/keys"}
        self.asked += 1
        if self.instead is not None:
            return self.instead
        made = [{**json.loads(RSAAlgorithm.to_jwk(RSA[name].public_key())), "kid": name} for name in self.published]
        made.append({**json.loads(ECAlgorithm.to_jwk(EC.public_key())), "kid": "curve", "alg": "ES256"})
        return {"keys": made}

    def token(self, who="pat", groups=("people",), key="one", algorithm="RS256", signed=None, header=(), **changes):
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": AUDIENCE, "sub": who, "groups": list(groups), "iat": now, "exp": now + 60}
        claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        headers = {name: value for name, value in {"kid": key, **dict(header)}.items() if value is not None}
        return jwt.encode(claims, signed if signed is not None else RSA[key], algorithm, headers)


@pytest.fixture
def provider():
    with started() as made:
        yield made


@contextmanager
def started():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer = provider.answer(self.path)
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(server.server_port)
    provider.stop = server.shutdown
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield provider
    server.shutdown()
    server.server_close()


@pytest.fixture
def get(provider, serve_with):
    """Search as the bearer of a token."""
    client: TestClient = serve_with(f"auth: oidc\noidc: {{issuer: '{provider.issuer}', audience: {AUDIENCE}}}\n")

    def search(token, **headers):
        if token is not None:
            headers["Authorization"] = f"Bearer {token}".encode()
        return client.post("/v1/search", json={"question": CLOSED}, headers=headers)

    search.keys, search.client = client.app.state.tokens.keys, client
    return search


def test_whoever_signs_in_reads_with_the_groups_of_their_token(provider, get):
    pat, ann = get(provider.token()), get(provider.token("ann", ["people-leads"]))
    assert pat.status_code == ann.status_code == 200 and pat.json()["passages"]
    assert "zanzibar" in ann.text.lower() and "zanzibar" not in pat.text.lower()
    assert "zanzibar" not in get(provider.token("ann", [])).text.lower()
    stranger = get(provider.token("someone-new", []))
    assert stranger.status_code == 200 and stranger.json() == {"passages": []}
    assert get(provider.token(key="curve", algorithm="ES256", signed=EC)).status_code == 200


def test_a_sole_key_need_not_be_named(provider, get):
    provider.published = []
    assert get(provider.token(key=None, algorithm="ES256", signed=EC)).status_code == 200
    assert get(provider.token(key="curve", algorithm="ES256", signed=EC)).status_code == 200
    assert get(provider.token(key=None, signed=RSA["one"])).status_code == 401
    another = ec.generate_private_key(ec.SECP256R1())
    assert get(provider.token(key=None, algorithm="ES256", signed=another)).status_code == 401


def test_under_any_host_name(provider, get):
    assert get(provider.token(), Host="concord.example").status_code == 200


NOW = time.time()


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"aud": None},
        {"iss": "http://127.0.0.1:1/realm"},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"nbf": int(NOW + 3600)},
        {"key": "two"},
        {"signed": RSA["two"]},
        {"key": "curve"},
        {"key": None, "signed": RSA["one"]},
        {"algorithm": "HS256", "signed": "a secret of sufficient length, that is"},
        {"algorithm": "none", "signed": ""},
        {"algorithm": "RS512"},
        {"who": "pat moss"},
        {"who": ""},
        {"who": "pat\ud800"},
        {"who": "pat\0"},
    ],
    ids=" ".join,
)
def test_what_is_not_accepted(provider, get, changes):
    if changes.get("key") == "curve":
        changes = {**changes, "signed": RSA["one"]}
    told = get(provider.token(**changes))
    assert told.status_code == 401 and told.headers["www-authenticate"] == "Bearer"
    assert "zanzibar" not in told.text


@pytest.mark.parametrize("token", [None, "", "abc", "a.b.c", "é", "x" * 20_000, "ck_0_0"])
def test_what_is_no_token(get, token):
    told = get(token, **{"X-Concord-User": "ann"})
    assert told.status_code == 401


def test_clocks_may_differ_a_little(provider, get):
    assert get(provider.token(exp=int(time.time()) - 20)).status_code == 200
    assert get(provider.token(exp=int(time.time()) - 40)).status_code == 401


def test_keys_are_rotated_and_withdrawn(provider, get):
    now = [0.0]
    get.keys.clock = lambda: now[0]
    assert get(provider.token()).status_code == 200
    provider.published = ["one", "two"]
    now[0] += 11
    assert get(provider.token(key="two")).status_code == 200
    provider.published = ["two"]
    now[0] += 3601
    assert get(provider.token(key="two")).status_code == 200
    assert get(provider.token(key="one")).status_code == 401


def test_made_up_keys_are_no_requests_to_the_provider(provider, get):
    assert get(provider.token()).status_code == 200
    for number in range(20):
        assert get(provider.token(header={"kid": f"made-up-{number}"})).status_code == 401
    assert provider.asked == 1


def test_a_provider_out_of_reach(provider, get):
    assert get(provider.token()).status_code == 200
    get.keys.clock = lambda: time.monotonic() + 4000
    provider.names = "http://127.0.0.1:1/another"
    assert get(provider.token()).status_code == 200  # the keys that are known go on
    assert get(provider.token(key="two")).status_code == 503


def test_made_up_keys_are_no_requests_to_a_provider_that_is_down(provider):
    """A fetch that fails counts as one, before any key is known and after."""
    now, tries = [0.0], []
    keys = Keys(OidcSettings(issuer=provider.issuer, audience=AUDIENCE), clock=lambda: now[0])
    keys._fetch = lambda: tries.append(now[0]) or json.loads("no JSON")
    for number in range(20):
        with pytest.raises(NotReady, match="cannot be had"):
            keys.get(f"made-up-{number}")
    assert tries == [0.0]
    del keys._fetch
    now[0] += 11
    assert keys.get("one") is not None
    keys._fetch = lambda: tries.append(now[0]) or json.loads("no JSON")
    now[0] += 3601
    for number in range(20):
        with pytest.raises(NotReady, match="cannot be had"):
            keys.get(f"made-up-{number}")
        assert keys.get("one") is not None
    assert tries == [0.0, 3612.0]


@pytest.mark.parametrize("later", [11, 3601])
def test_nobody_waits_for_what_a_made_up_key_fetches(provider, later):
    now, begun, goes_on = [0.0], threading.Event(), threading.Event()
    keys = Keys(OidcSettings(issuer=provider.issuer, audience=AUDIENCE), clock=lambda: now[0])
    assert keys.get("one") is not None
    known = dict(keys._known)
    keys._fetch = lambda: begun.set() or (goes_on.wait(30) and known)
    now[0] += later
    made_up = threading.Thread(target=keys.get, args=["made-up"])
    made_up.start()
    assert begun.wait(10)
    results = []

    def others():
        results.append(keys.get("one"))
        with pytest.raises(NotReady, match="try again"):
            keys.get("another")
        results.append("done")

    beside = threading.Thread(target=others, daemon=True)
    beside.start()
    beside.join(10)
    found = list(results)
    goes_on.set()
    made_up.join(10)
    assert found == [*known["one"], "done"]


def test_keys_go_on_without_their_provider_for_a_while_and_no_longer(provider, get):
    now = [0.0]
    get.keys.clock = lambda: now[0]

    def ready():
        return get.client.get("/readyz")

    assert ready().status_code == 200 and provider.asked == 1  # it fetches them before anybody asks
    provider.instead = b"down"
    for now[0] in (3_601, 24 * 3_600):
        assert get(provider.token()).status_code == ready().status_code == 200
    now[0] += 1
    told = get(provider.token())
    assert told.status_code == 503 and told.headers["retry-after"]
    assert "keys cannot be had for 1,440 minutes" in told.json()["detail"]
    assert ready().status_code == 503 and "keys cannot be had for 1,440 minutes" in ready().json()["detail"]
    provider.instead = None
    now[0] += 11
    assert ready().status_code == get(provider.token()).status_code == 200


def test_a_shorter_while_by_the_settings(provider):
    now = [0.0]
    settings = OidcSettings(issuer=provider.issuer, audience=AUDIENCE, keys_minutes=10)
    keys = Keys(settings, clock=lambda: now[0])
    assert keys.get("one") is not None
    provider.instead = b"down"
    now[0] = 301
    assert keys.get("one") is not None and provider.asked == 2  # there is time left to try again
    now[0] = 601
    with pytest.raises(NoKeys, match="for 10 minutes"):
        keys.get("one")


def test_keys_that_are_too_old_are_not_taken_while_they_are_being_fetched(provider):
    now, begun, goes_on = [0.0], threading.Event(), threading.Event()
    keys = Keys(OidcSettings(issuer=provider.issuer, audience=AUDIENCE), clock=lambda: now[0])
    assert keys.get("one") is not None
    known = dict(keys._known)
    keys._fetch = lambda: begun.set() or (goes_on.wait(30) and known)
    now[0] += 24 * 3_600 + 1
    first = threading.Thread(target=keys.get, args=["one"])
    first.start()
    assert begun.wait(10)
    with pytest.raises(NoKeys, match="being fetched"):
        keys.get("one")
    goes_on.set()
    first.join(10)
    assert keys.get("one") is not None


def test_a_service_without_keys_is_not_ready(provider, get):
    provider.instead = {"keys": "none"}
    told = get.client.get("/readyz")
    assert told.status_code == 503 and "no set of keys" in told.json()["detail"]


GOOD = {**json.loads(RSAAlgorithm.to_jwk(RSA["one"].public_key())), "kid": "one"}
CURVE = {**json.loads(ECAlgorithm.to_jwk(EC.public_key())), "kid": "curve"}
ODD = (None, True, 7, -1.5, "", "x", "é\ud800", [], [[]], {}, {"a": {}}, "AQAB", "A" * 3_000, 10**30)
"""Values of any type, for any place in a set of keys."""


def accepted(provider, token, shape):
    """Whether a token is, where the provider answers this when it is asked for its keys; the errors are clear ones."""
    provider.instead = shape if isinstance(shape, bytes) else json.dumps(shape).encode()
    settings = OidcSettings(issuer=provider.issuer, audience=AUDIENCE, jwks_url=f"{provider.issuer}/keys")
    try:
        return bool(Tokens(settings, Keys(settings)).claims(token))
    except (NotReady, Unauthenticated) as error:
        assert str(error)
        return False


@pytest.mark.parametrize("odd", ODD, ids=lambda each: repr(each)[:20])
def test_a_set_of_keys_of_any_shape_is_a_clear_error_or_holds_what_is_right_in_it(odd, provider):
    """One value of every type as the answer, as the set, as a key, and as each member of a key."""
    token, signed = provider.token(), provider.token(key="curve", algorithm="ES256", signed=EC)
    for shape in (odd, {"keys": odd}, {"keys": {"one": odd}}, [odd], {"keys": [odd]}, {"keys": [odd] * 20}):
        assert not accepted(provider, token, shape)
    for name in sorted({*GOOD, *CURVE, "use", "alg", "key_ops"}):
        strange = {**GOOD, name: odd}
        absent = {"alg": (None, ""), "use": (None,)}
        harmless = odd == GOOD.get(name) if name in {"kty", "n", "e", "kid"} else odd in absent.get(name, ODD)
        assert accepted(provider, token, {"keys": [strange]}) is harmless, strange
        assert accepted(provider, signed, {"keys": [odd, strange, CURVE]}), strange


@pytest.mark.parametrize(
    "odd", [{"keys": [7]}, {"keys": [{**GOOD, "kid": ["one"]}]}, {"keys": [{**GOOD, "alg": {}}]}, 7]
)
def test_a_set_of_keys_of_another_shape_is_no_error_of_ours(odd, get, provider):
    provider.instead = odd
    told = get(provider.token())
    assert told.status_code == 503 and "keys cannot be had" in told.json()["detail"]
    assert get.client.get("/readyz").status_code == 503


DEEP = (b"[" * 50_000, b'{"keys":' + b"[" * 50_000, b'{"keys": [' + b"1" * 5_000 + b"]}", b"", b"\xff{}")


@pytest.mark.parametrize("body", DEEP, ids=lambda each: repr(each)[:20])
def test_an_answer_that_cannot_be_read_is_a_clear_error(body, provider):
    assert not accepted(provider, provider.token(), body)


def test_a_key_with_its_private_part_lets_nobody_in(get, provider):
    provider.instead = {"keys": [{**json.loads(RSAAlgorithm.to_jwk(RSA["one"])), "kid": "one"}, CURVE]}
    assert get(provider.token()).status_code == 401
    assert get(provider.token(key="curve", algorithm="ES256", signed=EC)).status_code == 200


def test_keys_that_were_withdrawn_are_out_though_none_came_in_their_place(get, provider):
    now = [0.0]
    get.keys.clock = lambda: now[0]
    assert get(provider.token()).status_code == 200
    provider.instead, now[0] = {"keys": []}, 3_601
    told = get(provider.token())
    assert told.status_code == 503 and "none of those" in told.json()["detail"]


def test_a_provider_that_dribbles_is_not_waited_for(provider, monkeypatch):
    monkeypatch.setattr("concord.service.oidc._FETCH_SECONDS", -1)
    with pytest.raises(NoKeys, match="took more than"):
        Keys(OidcSettings(issuer=provider.issuer, audience=AUDIENCE)).get("one")


@pytest.mark.parametrize("odd", ODD, ids=lambda each: repr(each)[:20])
def test_a_configuration_of_any_shape_is_a_clear_error(odd, configured):
    ours = {"issuer", "jwks_uri", "authorization_endpoint", "token_endpoint", "token_endpoint_auth_methods_supported"}
    whole = dict.fromkeys(ours, "https://id.example/x") | {"issuer": "https://id.example"}
    pending = Pending.begin("/")
    for name in sorted(ours):
        configured.found.clear()
        configured.found.update({**whole, name: odd})
        with pytest.raises((NotReady, SignInFailed)):
            configured.sign_in.claims(pending, {"state": pending.state, "code": "c"})


def test_nobody_signs_in_before_the_keys_are_there():
    keys = Keys(OidcSettings(issuer="http://127.0.0.1:9/realm", audience=AUDIENCE))
    with pytest.raises(Exception, match="cannot be had"):
        keys.get("one")


@pytest.mark.parametrize("url", ["http://id.example", "ftp://id.example", "id.example", "https://"])
def test_a_provider_is_asked_safely(url):
    with pytest.raises(ValueError, match="https"):
        OidcSettings(issuer=url)


INNER = (
    "http://169.254.169.254/keys",
    "http://[::ffff:169.254.169.254]/keys",
    "http://[::ffff:a9fe:a9fe]/keys",
    "http://127.0.0.1:8700/keys",
    "http://localhost/keys",
    "http://[::1]/keys",
    "http://id.example/keys",
    "file:///etc/passwd",
    "//169.254.169.254/keys",
    "https://",
    "https://id.example:port/keys",
    "",
    None,
    7,
)


@pytest.fixture
def configured(monkeypatch):
    """A provider on the internet with a configuration of one's own; `configured.asked` is what was fetched."""
    found = {"issuer": "https://id.example"}
    answers = {"https://id.example/.well-known/openid-configuration": found}
    asked = []

    def answer(request):
        asked.append(str(request.url))
        return httpx.Response(200, json=answers.get(str(request.url), {}))

    def stream(method, url, timeout, follow_redirects, verify, auth=None, **options):
        client = httpx.Client(transport=httpx.MockTransport(answer))
        return client.stream(method, url, auth=auth, follow_redirects=follow_redirects, **options)

    monkeypatch.setattr("httpx.stream", stream)
    configured = SimpleNamespace(found=found, asked=asked, answers=answers)
    configured.settings = OidcSettings(
        issuer="https://id.example", audience=AUDIENCE, client_id="chat", redirect_url="https://c.example/signed-in"
    )
    configured.sign_in = SignIn(Tokens(configured.settings, Keys(configured.settings)))
    return configured


@pytest.mark.parametrize("url", INNER)
def test_keys_are_not_fetched_from_an_inner_address(configured, url):
    configured.found["jwks_uri"] = url
    with pytest.raises(NotReady, match=r"`jwks_uri`|no URL|Invalid port"):
        Keys(configured.settings).get("one")
    assert configured.asked == ["https://id.example/.well-known/openid-configuration"]


@pytest.mark.parametrize("url", INNER)
def test_no_code_is_sent_to_an_inner_address(configured, url):
    configured.found["token_endpoint"] = url
    pending = Pending.begin("/")
    with pytest.raises(NotReady, match=r"`token_endpoint`|no URL|Invalid port"):
        configured.sign_in.claims(pending, {"state": pending.state, "code": "c"})
    assert configured.asked == ["https://id.example/.well-known/openid-configuration"]


@pytest.mark.parametrize("url", [each for each in INNER if each])
def test_no_token_is_sent_to_an_inner_address(configured, url):
    configured.found |= {"token_endpoint": "https://id.example/token", "jwks_uri": "https://id.example/keys"}
    configured.found["userinfo_endpoint"] = url
    pending, now = Pending.begin("/"), int(time.time())
    claims = {"iss": "https://id.example", "aud": "chat", "sub": "pat", "iat": now, "exp": now + 60}
    token = jwt.encode({**claims, "nonce": pending.nonce}, RSA["one"], "RS256", {"kid": "one"})
    key = {**json.loads(RSAAlgorithm.to_jwk(RSA["one"].public_key())), "kid": "one"}
    configured.answers |= {
        "https://id.example/token": {"id_token": token, "access_token": "secret"},
        "https://id.example/keys": {"keys": [key]},
    }
    with pytest.raises(NotReady, match=r"`userinfo_endpoint`|no URL|Invalid port"):
        configured.sign_in.claims(pending, {"state": pending.state, "code": "c"})
    assert all(each.startswith("https://id.example/") for each in configured.asked) and len(configured.asked) == 4


@pytest.mark.parametrize("url", [*INNER[:8], "javascript:alert(1)"])
def test_no_browser_is_sent_to_sign_in_or_out_at_an_unsafe_address(configured, url):
    configured.found |= {"authorization_endpoint": url, "end_session_endpoint": url}
    with pytest.raises(NotReady, match="`authorization_endpoint`"):
        configured.sign_in.address(Pending.begin("/"))
    assert configured.sign_in.farewell() is None


EVERY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
SIGNING = {
    "rsa": (RSA["one"], RSAAlgorithm, EVERY[:6]),
    "p256": (EC, ECAlgorithm, ("ES256",)),
    "p384": (ec.generate_private_key(ec.SECP384R1()), ECAlgorithm, ("ES384",)),
    "ed": (ed25519.Ed25519PrivateKey.generate(), OKPAlgorithm, ("EdDSA",)),
}


def jwk(name, **changes):
    """The public key of a name as it is published, without `alg`."""
    private, kind, _ = SIGNING[name]
    made = {**json.loads(kind.to_jwk(private.public_key())), "kid": name, "use": "sig"} | changes
    assert "d" not in made and ("alg" in changes or "alg" not in made)
    return made


@pytest.fixture
def checking(provider):
    """Check tokens against keys of one's own, with every signature in the settings unless others are given."""

    def make(*keys, algorithms=EVERY):
        provider.instead = {"keys": list(keys)}
        settings = OidcSettings(issuer=provider.issuer, audience=AUDIENCE, algorithms=algorithms)
        return Tokens(settings, Keys(settings)).claims

    return make


def test_a_key_that_names_no_signature_checks_those_that_fit_it(provider, checking):
    claims = checking(*map(jwk, SIGNING))
    for name, (private, _, fitting) in SIGNING.items():
        for algorithm in fitting:
            assert claims(provider.token(key=name, algorithm=algorithm, signed=private))["sub"] == "pat"


def test_a_key_that_names_no_signature_checks_none_that_the_settings_leave_out(provider, checking):
    claims = checking(jwk("rsa"), algorithms=("PS256",))
    assert claims(provider.token(key="rsa", algorithm="PS256", signed=RSA["one"]))
    for algorithm in ("RS256", "PS512"):
        with pytest.raises(Unauthenticated):
            claims(provider.token(key="rsa", algorithm=algorithm, signed=RSA["one"]))


def test_keys_of_two_kinds_may_share_an_id(provider, checking):
    claims = checking(jwk("rsa", kid="one"), jwk("p256", kid="one"))
    assert claims(provider.token(key="one", algorithm="PS256", signed=SIGNING["rsa"][0]))
    assert claims(provider.token(key="one", algorithm="ES256", signed=SIGNING["p256"][0]))


def test_a_key_that_names_a_signature_checks_no_other(provider, checking):
    claims = checking(jwk("rsa", alg="PS256"))
    assert claims(provider.token(key="rsa", algorithm="PS256", signed=RSA["one"]))
    with pytest.raises(Unauthenticated):
        claims(provider.token(key="rsa", algorithm="RS256", signed=RSA["one"]))


@pytest.mark.parametrize("name", SIGNING)
def test_no_public_key_is_a_shared_secret(provider, checking, name):
    """Whoever reads a published key could sign by it as the secret of an HMAC (RFC 8725, 2.1)."""
    claims, public = checking(*map(jwk, SIGNING)), SIGNING[name][0].public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    now = int(time.time())
    written = {"iss": provider.issuer, "aud": AUDIENCE, "sub": "pat", "iat": now, "exp": now + 60}
    for secret in (pem, der, json.dumps(jwk(name)).encode(), b""):
        for algorithm in ("HS256", "HS384", "HS512"):
            with pytest.raises(Unauthenticated):
                claims(by_hand({"alg": algorithm, "kid": name}, written, secret))
    for algorithm in ("none", "None", "NONE", "", None, ["RS256"]):
        with pytest.raises(Unauthenticated):
            claims(by_hand({"alg": algorithm, "kid": name}, written, None))


def by_hand(header, claims, secret):
    """A token that no library would make: signed by HMAC with `secret`, or not at all."""
    head, body = (base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in (header, claims))
    digest = {"HS384": "sha384", "HS512": "sha512"}.get(str(header["alg"]), "sha256")
    made = b"" if secret is None else hmac.digest(secret, head + b"." + body, digest)
    return b".".join((head, body, base64.urlsafe_b64encode(made).rstrip(b"="))).decode()


@pytest.mark.parametrize("made", SIGNING)
@pytest.mark.parametrize("named", SIGNING)
def test_no_signature_of_another_kind_of_key_is_accepted(provider, checking, named, made):
    claims, (private, _, fitting) = checking(*map(jwk, SIGNING)), SIGNING[made]
    if named != made:
        with pytest.raises(Unauthenticated):
            claims(provider.token(key=named, algorithm=fitting[0], signed=private))


@pytest.mark.parametrize(
    "odd",
    [
        {"kty": "oct", "k": base64.urlsafe_b64encode(b"x" * 64).decode()},
        {"kty": "oct", "k": base64.urlsafe_b64encode(b"x" * 64).decode(), "alg": "HS256"},
        {"alg": "HS256"},
        {"alg": "none"},
        {"alg": "ES256"},
        {"alg": "RSA-OAEP"},
        {"kty": "EC", "crv": "secp256k1"},
        {"kty": ["RSA"]},
    ],
    ids=str,
)
def test_a_key_that_no_signature_fits_is_left_out(provider, checking, odd):
    claims = checking({**jwk("rsa"), **odd}, jwk("p256"))
    for algorithm, signed in (("RS256", RSA["one"]), ("HS256", b"x" * 64)):
        with pytest.raises(Unauthenticated):
            claims(provider.token(key="rsa", algorithm=algorithm, signed=signed))
    assert claims(provider.token(key="p256", algorithm="ES256", signed=EC))


@pytest.mark.parametrize("name", ["HS256", "none"])
def test_no_algorithm_without_a_public_key(name):
    with pytest.raises(ValueError, match="algorithms"):
        OidcSettings(algorithms=[name])
