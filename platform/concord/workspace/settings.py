"""`concord.yaml`: the technology settings, every one with a default that needs no service and no key."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from concord.workspace.errors import FileProblem, WorkspaceNotFound
from concord.workspace.files import SETTINGS_FILE, STATE_FOLDER, read_text
from concord.workspace.notifying import NotificationSettings
from concord.workspace.section import Section
from concord.workspace.serving import OidcSettings, ServiceSettings, TelemetrySettings
from concord.workspace.yaml import read_yaml, validate
from concord_feedback.ownership import Holder
from concord_taxonomy.standard.item import STANDARD_VERSION


def server_url(text: str, key: str = "CONCORD_INDEX__API_KEY") -> str:
    """Return the URL of a server as it is kept; raises `ValueError`, without the text, for what is none.

    `key` is where its key goes instead of into the URL.
    """
    wrong = "must be the URL of a server, as in https://qdrant.example:6333"
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        raise ValueError(wrong) from None
    if not fits:
        raise ValueError(wrong)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError(f"must hold no user, password or query: the key goes into {key}")
    return text.rstrip("/")


class CatalogSettings(Section):
    """Where the catalog is."""

    url: str | None = Field(
        default=None, description="SQLAlchemy URL of the catalog; default: SQLite in the workspace."
    )


class EmbeddingSettings(Section):
    """The embedding model and what runs it."""

    model: str = Field(
        default="all-MiniLM-L6-v2",
        description="Name of a model that comes in packages, or the folder of a sentence-transformers model.",
    )
    runtime: Literal["onnx", "torch", "hashing"] = Field(
        default="onnx", description="What runs the model; `hashing` is a stand-in without meaning, for tests."
    )
    batch_size: int = Field(default=4, ge=1, le=1024, description="Texts embedded in one batch; more on a GPU.")


class IndexSettings(Section):
    """The vector index: Qdrant Edge in the workspace, or a Qdrant server."""

    url: str | None = Field(
        default=None, description="URL of a Qdrant server (1.19 or later); default: Qdrant Edge in the workspace."
    )
    api_key: SecretStr | None = Field(
        default=None, description="Key of the server; set it as `CONCORD_INDEX__API_KEY`, never in the file."
    )
    idle_seconds: int = Field(
        default=300, ge=1, description="Seconds without a request after which the index process ends (Qdrant Edge)."
    )

    @field_validator("url")
    @classmethod
    def _is_a_server(cls, value: str | None) -> str | None:
        return None if value is None else server_url(value)


class ParsingSettings(Section):
    """What parsing one document may take; beyond it, the document goes to quarantine and the sync goes on."""

    timeout_seconds: float = Field(default=60.0, ge=1, le=3600, description="Seconds for one document.")
    memory_mb: int = Field(
        default=1024, ge=512, le=65536, description="MiB of memory for a parsing process, its libraries included."
    )
    processes: int = Field(default=1, ge=1, le=64, description="Parsing processes at once.")


class ChunkingSettings(Section):
    """How documents are cut into passages."""

    max_tokens: int = Field(default=200, ge=32, le=2000, description="Tokens of a passage, its heading path included.")
    max_table_tokens: int = Field(
        default=1200, ge=64, le=20000, description="Tokens above which a table is cut between rows."
    )


class RetrievalSettings(Section):
    """How candidates are found, and how many of them are read."""

    candidates: int = Field(default=60, ge=5, le=1000, description="Passages that each leg of the hybrid search gives.")
    passages: int = Field(
        default=50, ge=10, le=1000, description="Candidates of the first cut: only they are read, compared and shown."
    )
    known_passages: int = Field(
        default=4000, ge=0, le=1_000_000, description="Passages kept in memory once they were read, about 30 KB each."
    )


class LlmSettings(Section):
    """A model that words answers from the evidence; without one, answers are quotations."""

    base_url: str | None = Field(
        default=None, description="URL of an OpenAI-compatible endpoint, as in `http://localhost:11434/v1`."
    )
    model: str = Field(default="", max_length=200, description="Name of the model there.")
    api_key_env: str | None = Field(
        default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", description="Environment variable that holds the key."
    )
    timeout_seconds: float = Field(
        default=20.0, gt=0, le=600, description="Seconds for an answer, retries included; then it is quoted."
    )
    retries: int = Field(default=1, ge=0, le=5, description="Further attempts where the endpoint fails at once.")
    max_tokens: int = Field(default=400, ge=16, le=8192, description="Tokens of an answer.")
    temperature: float = Field(default=0.0, ge=0, le=2, description="Temperature of the model.")
    prompt_price: float | None = Field(
        default=None, ge=0, le=1e6, description="Price of a million tokens of a prompt; without it, costs are unknown."
    )
    completion_price: float | None = Field(
        default=None, ge=0, le=1e6, description="Price of a million tokens of an answer, in the same currency."
    )
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$", description="Currency of the prices (ISO 4217).")

    @field_validator("base_url")
    @classmethod
    def _is_a_server(cls, value: str | None) -> str | None:
        return None if value is None else server_url(value, key="answer.llm.api_key_env")

    @model_validator(mode="after")
    def _has_a_model(self) -> LlmSettings:
        if self.base_url and not self.model.strip():
            raise ValueError("a base_url needs a model")
        return self


class AnswerSettings(Section):
    """When an answer is given, and how long it is."""

    min_confidence: float = Field(
        default=0.5, ge=0, le=1, description="Confidence of the evidence below which it abstains."
    )
    max_sentences: int = Field(default=3, ge=1, le=10, description="Sentences quoted in an answer.")
    max_citations: int = Field(default=4, ge=1, le=20, description="Passages cited.")
    link_hosts: tuple[str, ...] = Field(
        default=(), description="Hosts that links in answers may lead to, beside those that `sources/*.yaml` name."
    )
    llm: LlmSettings = LlmSettings()


class ConflictSettings(Section):
    """What the conflict register shows."""

    min_certainty: float = Field(
        default=0.7,
        ge=0.5,
        le=1,
        description="Certainty of a contradiction below which `concord conflicts` leaves it out, without `--all`.",
    )


class RevisionSettings(Section):
    """How long past revisions are kept, to answer for past dates."""

    retention_days: int = Field(
        default=3650,
        ge=0,
        description="Days for which a revision is kept after something else took over; 0 keeps none.",
    )
    max_per_item: int = Field(default=200, ge=0, description="Past revisions kept of one item, the newest ones.")


NAMED_PATTERNS = {
    "email": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "phone": r"(?<![\w.])(?!\d{4}-\d\d-\d\d(?![\d-]))(?:\+?\d[\d ()/-]{7,}\d|\+?\d{1,3}(?:\.\d\d){4,5}"
    r"|(?:\+?\d{1,3}\.)?\d{3}\.\d{3}\.\d{4})(?!\w)",
    "card": r"(?<!\d)(?:\d[ -]?){13,18}\d(?!\d)",
    "iban": r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b",
}
"""What `traces.redact` may name in place of a regular expression."""


class TraceSettings(Section):
    """How long questions and their evidence are kept, and without what."""

    retention_days: int = Field(default=90, ge=0, description="Days after which a trace is deleted; 0 keeps none.")
    leave_out: tuple[Literal["evidence", "answer", "prompt"], ...] = Field(
        default=(),
        description="Parts whose words are not kept: `evidence`, `answer`, `prompt`; the values that decided stay.",
    )
    redact: tuple[str, ...] = Field(
        default=(), description="What is taken out of every text: `email`, `phone`, `card`, `iban`, or expressions."
    )

    @field_validator("redact")
    @classmethod
    def _can_be_read(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            try:
                found = re.compile(NAMED_PATTERNS.get(each, each))
            except re.error as error:
                raise ValueError(f"{each!r} is no regular expression: {error}") from None
            if found.search("") is not None:
                raise ValueError(f"{each!r} matches nothing at all, and so it would everywhere")
        return value


class ConversationSettings(Section):
    """How long the chat keeps what people asked."""

    retention_days: int = Field(
        default=90, ge=0, description="Days after its last question for which a conversation is kept; 0 keeps none."
    )


class GovernanceSettings(Section):
    """Who has to agree before a change of the workspace's files is in force."""

    mode: Literal["development", "governed"] = Field(
        default="development",
        description="`development` approves every change by itself; `governed` asks someone who did not propose it.",
    )
    approvers: tuple[Holder, ...] = Field(
        default=(), description="Who may approve any change, beside those who answer for what changes."
    )
    golden_sets: Literal["nothing", "losses", "doubt"] | None = Field(
        default=None,
        description="What of the golden sets keeps a change from being in force: `losses`, `doubt` too, or `nothing`; "
        "default: `losses` where it is `governed`, else `nothing`.",
    )
    preview_days: int = Field(default=30, ge=0, le=3650, description="Days of questions that a preview asks again.")
    preview_questions: int = Field(default=200, ge=0, le=10_000, description="Questions that a preview asks at most.")
    preview_items: int = Field(
        default=10_000, ge=0, le=10_000_000, description="Items that a preview describes anew at most."
    )


Curated = Literal[
    "case",
    "tag",
    "merge",
    "alignment",
    "vocabulary",
    "mapping",
    "authority",
    "difference",
    "use_case",
    "ownership",
    "access",
    "standard",
]
"""Kinds of handwork that the curation ledger tells apart."""


class CurationSettings(Section):
    """What handwork costs, for the curation ledger."""

    minutes: dict[Curated, Annotated[float, Field(gt=0, le=10_000)]] = Field(
        default={},
        description="Minutes that one intervention takes, by kind (`case: 15`); a kind that is not given is measured.",
    )


class Settings(BaseSettings):
    """Technology settings of a workspace: `concord.yaml`, overridden by `CONCORD_<SECTION>__<NAME>` variables."""

    model_config = SettingsConfigDict(
        extra="forbid", env_prefix="CONCORD_", env_nested_delimiter="__", env_ignore_empty=True
    )

    name: str = Field(default="Concord", description="Name of the workspace, as people see it.")
    standard: str = Field(
        default=STANDARD_VERSION, description="Version of the metadata standard that the files are written in."
    )
    auth: Literal["development", "oidc"] = Field(default="development", description="How people are known.")
    catalog: CatalogSettings = CatalogSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    index: IndexSettings = IndexSettings()
    parsing: ParsingSettings = ParsingSettings()
    chunking: ChunkingSettings = ChunkingSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    answer: AnswerSettings = AnswerSettings()
    conflicts: ConflictSettings = ConflictSettings()
    revisions: RevisionSettings = RevisionSettings()
    traces: TraceSettings = TraceSettings()
    conversations: ConversationSettings = ConversationSettings()
    governance: GovernanceSettings = GovernanceSettings()
    curation: CurationSettings = CurationSettings()
    oidc: OidcSettings = OidcSettings()
    service: ServiceSettings = ServiceSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    notifications: NotificationSettings = NotificationSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file."""
        return env_settings, init_settings


def read_settings(folder: Path) -> Settings:
    """The settings of the workspace at `folder`; raises `WorkspaceNotFound`, or `FileProblem` that names a variable."""
    path = folder / SETTINGS_FILE
    if not path.is_file():
        raise WorkspaceNotFound(folder)
    data = read_yaml(SETTINGS_FILE, read_text(folder, path))
    try:
        return validate(SETTINGS_FILE, lambda: Settings(**data))
    except SettingsError as error:
        raise FileProblem(
            "environment", "a variable of a whole section, such as CONCORD_INDEX, must be JSON"
        ) from error
    except FileProblem as problem:
        variable = "CONCORD_" + problem.place.replace(".", "__").upper()
        if os.environ.get(variable):
            raise FileProblem("environment", problem.message, variable) from problem
        raise


def state_folder(folder: Path) -> Path:
    """Where everything derived lives; created with access for its owner alone."""
    state = folder / STATE_FOLDER
    state.mkdir(mode=0o700, exist_ok=True)
    return state
