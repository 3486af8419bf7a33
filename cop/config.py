"""Every setting, read from the environment in this one place (prefix COP_)."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from cop.clock import Clock, RealClock, ScenarioClock
from cop.errors import Misconfigured

TILE_HOSTS: Final = ("mapapi.geodata.gov.hk", "api.hkmapservice.gov.hk")
"""Where the pages may take map tiles from; nothing else is loaded from elsewhere."""

_BY_SENTINELS: Final = ("redis+sentinel", "rediss+sentinel")
_BY_NETWORK: Final = ("redis", "rediss", *_BY_SENTINELS)


class Settings(BaseSettings):
    """What the processes of one operation share. All are given the same values.

    Attributes:
        redis_url: the picture's Redis, or `redis+sentinel://HOST:PORT,HOST:PORT,HOST:PORT/NAME`:
            the Sentinels who know where the primary is. Empty: the launcher starts an embedded one.
        broker_url: Celery's broker. Empty: database 1 of the picture's Redis server.
        redis_login_file: a file with `user:password`, by which this process signs in to both where
            their addresses name nobody; none: it does not sign in.
        sentinel_login_file: the same for the Sentinels; none: they want no password.
        wait_replicas: how many replicas must have what is written before it is confirmed.
        wait_ms: for how long they are waited for.
        operation: id of the operation; `live`, or the id of an exercise.
        data_dir: where the embedded Redis keeps its append-only file.
        scenario: key of the scenario that an exercise replays; empty in the live operation.
        scenario_start: the scenario's time at *scenario_anchor*.
        scenario_anchor: the real time at which the exercise began.
        speed: scenario seconds per real second.
        host, port: where the web process listens.
        leave_s: seconds that a web process serves on after it was asked to end, and says that it
            leaves, so that a proxy sends nobody to it any more; 0 where none is before it.
        allowed_hosts: names under which the site may be addressed, comma separated.
        secure_cookies: whether the site is served over https (cookie name and Secure flag).
        trusted_proxies: addresses whose X-Forwarded-* headers are believed, comma separated.
        contact: address or page that publishers find in our User-Agent; empty: none is given.
        security_contact: `mailto:` or https address to which flaws of this site are reported;
            empty: none is told.
        public_url: address of this site as browsers know it; needed for the sign-in provider.
        oidc_issuer: what the OpenID Connect provider calls itself; empty: passwords alone.
        oidc_client_id: the name that the provider knows us by.
        oidc_client_secret: what proves it is us; empty: the code's proof key (PKCE) alone does.
        oidc_client_secret_file: a file that holds it instead.
        oidc_role_claim: the claim of the ID token that holds somebody's groups.
        oidc_roles: what the members of a group are: `group=role[:agency]`, comma separated; of
            several groups that somebody is in, the first in this list decides.
        push_key: private key (PEM, or its 32 bytes in base64url) by which push services know
            us; empty: orders reach phones by the live stream alone.
        push_key_file: a file that holds it instead.
        push_contact: `mailto:` or https address for push services to reach whoever runs this.
        push_hosts: hosts of push services that are trusted, comma separated; `*.` for all below.
        limits_file: JSON file of time limits that replace or add to our own; none: only ours.
        public_exercise: whether an exercise has a public site, on which everything is marked.
        public_every_s: seconds between two editions of the public picture, at least.
        cameras_dir: folder of the files that set up cameras to count by, one each; none:
            `cameras` in *data_dir*. An exercise has its scenario's instead.
        vision_shards: processes that the cameras are dealt to.
        installation: name of this installation among those that it exchanges with.
        organisation: code of the authority that runs it, among `PUBLISHERS`.
        lei: Legal Entity Identifier (ISO 17442) of that authority; empty: none is sent.
        alert_sender: who our alerts come from, as CAP has it: an address like `cop@example.hk`;
            empty: none can be released.
        alert_key_file, alert_cert_file: PEM of the key that alerts are signed with, and of its
            certificate; none: they go out unsigned.
        cap_sources_dir: folder of the files that set up CAP sources, one each; none:
            `cap-sources` in *data_dir*.
        partners_dir: folder of the files that set up partners, one each; none: `partners` in
            *data_dir*.
        layers_dir: folder of the files that set up layers of others, one each; none: `layers` in
            *data_dir*, beside the presets that come with the program.
        layer_hosts: hosts that layers may be fetched from, comma separated; `*.` for all below.
        cot_dir: folder with what Cursor-on-Target is spoken by: the server's key and certificate,
            the authority that signs clients, revoked ones, and the clients' groups; none: it is
            not spoken.
        cot_host, cot_port: where its TLS listener is.
        cot_plain_port: of a listener without TLS on loopback; 0: none.
    """

    model_config = SettingsConfigDict(
        env_prefix="COP_", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    redis_url: str = ""
    broker_url: str = ""
    redis_login_file: Path | None = None
    sentinel_login_file: Path | None = None
    wait_replicas: int = Field(default=0, ge=0, le=16)
    wait_ms: int = Field(default=1000, ge=10, le=2500)
    operation: str = Field(default="live", pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    data_dir: Path = Path(".data")
    scenario: str = ""
    scenario_start: datetime | None = None
    scenario_anchor: datetime | None = None
    speed: float = Field(default=1.0, gt=0, le=3600)
    host: str = "127.0.0.1"
    port: int = Field(default=8050, ge=0, le=65535)
    leave_s: float = Field(default=0.0, ge=0, le=300)
    allowed_hosts: str = "127.0.0.1,localhost,[::1]"
    secure_cookies: bool = False
    trusted_proxies: str = "127.0.0.1"
    contact: str = Field(default="", pattern=r"^[\x21-\x7e]{0,200}$")
    security_contact: str = Field(default="", pattern=r"^((mailto:|https://)[\x21-\x7e]{3,200})?$")
    public_url: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), exclude=True)
    oidc_client_secret_file: Path | None = None
    oidc_role_claim: str = "groups"
    oidc_roles: str = ""
    push_key: SecretStr = Field(default=SecretStr(""), exclude=True)
    push_key_file: Path | None = None
    push_contact: str = Field(default="", pattern=r"^((mailto:|https://)\S{3,200})?$")
    push_hosts: str = (
        "fcm.googleapis.com,*.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com"
    )
    limits_file: Path | None = None
    public_exercise: bool = False
    public_every_s: float = Field(default=5.0, gt=0, le=60)
    cameras_dir: Path | None = None
    vision_shards: int = Field(default=1, ge=1, le=64)
    installation: str = Field(default="cop", pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    organisation: str = Field(default="COP", pattern=r"^[A-Z][A-Z0-9]{1,15}$")
    lei: str = ""
    alert_sender: str = Field(default="", pattern=r"^([^\s,<&]{3,120})?$")
    alert_key_file: Path | None = None
    alert_cert_file: Path | None = None
    cap_sources_dir: Path | None = None
    partners_dir: Path | None = None
    layers_dir: Path | None = None
    layer_hosts: str = "portal.csdi.gov.hk,api.csdi.gov.hk"
    cot_dir: Path | None = None
    cot_host: str = "127.0.0.1"
    cot_port: int = Field(default=8089, ge=0, le=65535)
    cot_plain_port: int = Field(default=0, ge=0, le=65535)

    @property
    def exercise(self) -> bool:
        """Whether this operation is an exercise; an exercise never calls a real feed."""
        return bool(self.scenario) or self.operation.startswith("exercise-")

    def clock(self) -> Clock:
        """Give the clock of this operation."""
        if self.scenario and self.scenario_start and self.scenario_anchor:
            return ScenarioClock(self.scenario_start, self.scenario_anchor, self.speed)
        return RealClock()

    def signed_in(self, url: str) -> str:
        """Give *url*, of a Redis, with the user and password of this process where it has none.

        Raises:
            Misconfigured: the file that holds them cannot be read, or holds something else.
        """
        parts = urlsplit(url)
        if self.redis_login_file and parts.scheme in _BY_NETWORK and "@" not in parts.netloc:
            named = _login("COP_REDIS_LOGIN_FILE", self.redis_login_file)
            url = urlunsplit(parts._replace(netloc=f"{named}@{parts.netloc}"))
        if self.sentinel_login_file and parts.scheme in _BY_SENTINELS:
            named = _login("COP_SENTINEL_LOGIN_FILE", self.sentinel_login_file)
            url += f"{'&' if parts.query else '?'}sentinel_login={named}"
        return url

    def environment(self) -> dict[str, str]:
        """Give the environment in which a child process reads these very settings."""
        values = self.model_dump(mode="json", exclude_none=True)
        own = {f"COP_{name.upper()}": str(value) for name, value in values.items()}
        return dict(os.environ) | own


def _login(setting: str, file: Path) -> str:
    """Give `user:password` as it stands in *file*, in the form that an address has it in."""
    try:
        login = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{setting} cannot be read: {error}") from error
    user, _, password = login.partition(":")
    if not user or not password:
        raise Misconfigured(f"{setting}: it must hold user:password")
    return f"{quote(user, safe='')}:{quote(password, safe='')}"
