"""Signing in with an identity provider in the browser: a real code flow with PKCE against a provider on loopback."""

import base64
import hashlib
import json
import secrets
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit

import jwt
import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

KEY = rsa.generate_private_key(65537, 2048)
CLIENT, SECRET = "concord-chat", "a secret: of/the client"
BACK = "https://concord.example/signed-in"
OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
ASKED = "The Zanzibar office closes in June: how many days of annual leave for everyone in it?"


class Provider:
    """One that issues codes to whoever asks, as `who` with `groups`; `claims` changes what its ID tokens say."""

    def __init__(self, port):
        self.issuer, self.who, self.groups, self.back = f"http://127.0.0.1:{port}", "pat", ["people"], BACK
        self.codes, self.claims, self.userinfo, self.ways, self.down = {}, {}, None, ["client_secret_basic"], False

    def configuration(self):
        found = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", "end_session_endpoint": f"{self.issuer}/out"}
        found |= {"authorization_endpoint": f"{self.issuer}/authorize", "token_endpoint": f"{self.issuer}/token"}
        found |= {"userinfo_endpoint": f"{self.issuer}/userinfo"} if self.userinfo is not None else {}
        return found | {"token_endpoint_auth_methods_supported": self.ways}

    def authorize(self, address):
        """What the provider sends a browser back to, once somebody signed in there."""
        asked = {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}
        assert urlsplit(address)._replace(query="").geturl() == f"{self.issuer}/authorize"
        assert (asked["response_type"], asked["client_id"], asked["redirect_uri"]) == ("code", CLIENT, self.back)
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"/signed-in?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def token(self, form, authorization):
        given = form.get("client_secret")
        if authorization:
            given = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")[2]
        asked = self.codes.pop(form.get("code"), None)
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        )
        if (
            asked is None
            or given != SECRET
            or asked["code_challenge"] != challenge
            or form["redirect_uri"] != self.back
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": self.who, "groups": self.groups, "name": "Pat Moss"}
        claims |= {"iat": now, "exp": now + 60, "nonce": asked["nonce"], **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode(claims, KEY, "RS256", {"kid": "one"})
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": token}

    def answer(self, handler, form):
        path = urlsplit(handler.path).path
        if self.down:
            return 500, {}
        if path == "/.well-known/openid-configuration":
            return 200, self.configuration()
        if path == "/keys":
            return 200, {"keys": [{**json.loads(RSAAlgorithm.to_jwk(KEY.public_key())), "kid": "one"}]}
        if path == "/token":
            return self.token(form, handler.headers.get("Authorization"))
        if path == "/userinfo" and handler.headers.get("Authorization") == "Bearer opaque":
            return 200, self.userinfo
        return 404, {}


@pytest.fixture
def provider():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self, form=None):
            if self.path.startswith("/authorize"):  # whoever comes is signed in there already
                self.send_response(302)
                self.send_header("Location", urljoin(provider.back, provider.authorize(provider.issuer + self.path)))
                self.end_headers()
                return
            status, found = provider.answer(self, form)
            body = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            self.do_GET(dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())))

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(server.server_port)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield provider
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_to(provider, house, serve, monkeypatch):
    """The service of a workspace to whose address the provider sends people back: `open_to(BACK)`."""

    def opened(back):
        house.close()
        provider.back = back
        oidc = {"issuer": provider.issuer, "audience": "concord", "client_id": CLIENT, "redirect_url": back}
        text = (house.workspace.folder / "concord.yaml").read_text("utf-8")
        house.workspace.write("concord.yaml", f"{text}auth: oidc\noidc: {json.dumps(oidc)}\n")
        monkeypatch.setenv("CONCORD_OIDC__CLIENT_SECRET", SECRET)
        return serve(house.workspace)

    return opened


@pytest.fixture
def browser(provider, open_to):
    """The service as a browser sees it under its name, nobody signed in; `browser.sign_in()` signs in."""
    client = open_to(BACK)
    client.base_url = "https://concord.example"
    client.headers.update(OURS)
    client.follow_redirects = False
    client.sign_in = lambda back="/": client.get(
        provider.authorize(client.get(f"/sign-in?back={back}").headers["location"])
    )
    return client


def home(browser):
    return browser.get("/")


def test_whoever_signs_in_reads_with_their_groups_until_they_sign_out(provider, browser):
    before = home(browser)
    assert before.status_code == 401 and 'href="/sign-in?back=/"' in before.text
    done = browser.sign_in("/conversations")
    assert (done.status_code, done.headers["location"]) == (303, "/conversations")
    assert "Pat Moss" in home(browser).text and "Sign out" in home(browser).text
    answer = browser.post("/ask", data={"question": ASKED}, follow_redirects=True)
    assert answer.status_code == 200 and "40 days" not in answer.text
    kept = dict(browser.cookies)
    out = browser.post("/sign-out")
    assert out.status_code == 200 and "You are signed out" in out.text and f"{provider.issuer}/out?" in out.text
    assert home(browser).status_code == 401
    browser.cookies.update(kept)  # a copy of the cookie is worth nothing
    assert home(browser).status_code == 401


def test_another_s_groups_are_another_s(provider, browser):
    provider.who, provider.groups = "ann", ["people-leads"]
    browser.sign_in()
    assert browser.get("/items/people-handbook/restricted/zanzibar.md").status_code == 200
    provider.who, provider.groups = "pat", ["people"]
    browser.sign_in()
    assert browser.get("/items/people-handbook/restricted/zanzibar.md").status_code == 404


def test_the_session_s_cookie_is_closed_and_the_api_knows_none(browser):
    done = browser.sign_in()
    cookie = next(each for each in done.headers.get_list("set-cookie") if "session=" in each).lower()
    assert cookie.startswith("__host-concord_session=")
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= set(cookie.split("; ")) and "domain" not in cookie
    assert home(browser).status_code == 200
    assert browser.post("/v1/ask", json={"question": ASKED}).status_code == 401
    assert browser.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert home(browser).status_code == 200


def test_a_session_ends_by_itself(browser, monkeypatch):
    browser.sign_in()
    monkeypatch.setattr("concord.service.identity.datetime", Later)
    assert home(browser).status_code == 401


class Later:
    @staticmethod
    def now(zone):
        from datetime import datetime, timedelta

        return datetime.now(zone) + timedelta(minutes=61)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "concord"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"iss": "http://127.0.0.1:1"},
        {"exp": 1},
        {"sub": None},
    ],
    ids=str,
)
def test_an_id_token_that_is_not_for_this_attempt(provider, browser, claims):
    provider.claims = claims
    done = browser.sign_in()
    assert done.status_code == 400 and "You could not be signed in" in done.text
    assert home(browser).status_code == 401


def test_a_code_counts_once_and_in_its_own_browser(provider, browser):
    where = provider.authorize(browser.get("/sign-in").headers["location"])
    pending = dict(browser.cookies)
    browser.cookies.clear()
    assert browser.get(where).status_code == 400  # somebody else's link
    browser.cookies.update(pending)
    assert browser.get(where.replace("state=", "state=x")).status_code == 400
    assert browser.get(f"{where}&iss=https://evil.example").status_code == 400
    assert browser.get(where).status_code == 303
    browser.cookies.update(pending)
    assert browser.get(where).status_code == 400
    provider.codes.clear()
    assert browser.get("/signed-in?code=guessed&state=guessed").status_code == 400


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "/signed-in"])
def test_nobody_is_sent_elsewhere(browser, back):
    assert browser.sign_in(back).headers["location"] in {"/", "/signed-in"}


def test_what_the_provider_refuses(provider, browser):
    state = parse_qs(urlsplit(browser.get("/sign-in").headers["location"]).query)["state"][0]
    told = browser.get(f"/signed-in?error=access_denied&error_description=Call+0800+EVIL&state={state}")
    assert told.status_code == 400 and "Access denied" in told.text and "EVIL" not in told.text


def test_a_provider_out_of_reach(provider, browser):
    provider.down = True
    assert browser.get("/sign-in").status_code == 503


def test_groups_that_only_userinfo_names_and_a_secret_in_the_form(provider, browser):
    provider.claims, provider.ways = {"groups": None, "name": None}, ["client_secret_post"]
    provider.userinfo = {"sub": "pat", "groups": ["people-leads"], "name": "Pat of userinfo"}
    browser.sign_in()
    assert "Pat of userinfo" in home(browser).text
    assert browser.get("/items/people-handbook/restricted/zanzibar.md").status_code == 200
    provider.userinfo = {"sub": "ann", "groups": ["people-leads"]}  # of somebody else: not believed
    browser.sign_in()
    assert browser.get("/items/people-handbook/restricted/zanzibar.md").status_code == 404


def test_nobody_signs_in_where_no_provider_is(client):
    assert client.get("/sign-in", headers=OURS).status_code == 403
    assert client.get("/signed-in?code=a", headers=OURS).status_code == 403


def test_in_a_real_browser(open_to, chromium):
    """There and back across hosts and ports, by links and forms that the pages' own rules allow."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    client = open_to(f"{url}/signed-in")
    server = uvicorn.Server(uvicorn.Config(client.app, port=port, lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    try:
        page = context.new_page()
        while not server.started:
            time.sleep(0.02)
        page.goto(f"{url}/conversations")
        page.get_by_role("link", name="Sign in").click()
        page.wait_for_url(f"{url}/conversations")
        assert page.locator(".who").inner_text() == "Pat Moss"
        assert page.evaluate("document.cookie") == ""
        page.goto(url)
        page.fill("#question", "How many days of annual leave does everyone receive?")
        page.press("#question", "Enter")
        page.locator(".cite").first.wait_for()
        assert "27 days" in page.locator(".answer").inner_text()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="You are signed out").wait_for()
        page.goto(url)
        assert page.locator("h1").inner_text() == "Please sign in"
    finally:
        context.close()
        server.should_exit = True
        thread.join()
