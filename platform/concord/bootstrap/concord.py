"""A workspace at work: everything that its commands and its service need, wired in one place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Engine

from concord.access import AccessError
from concord.access.actions import ActionPolicies
from concord.answering.answerer import Answerer
from concord.answering.endpoint import Endpoint
from concord.answering.events import AnswerEvent, answer_of
from concord.answering.evidence import Adjudicator, Evidence
from concord.answering.model import Answer
from concord.answering.neutral import hosts_in
from concord.answering.redaction import Redaction
from concord.answering.spans import emit, emit_search
from concord.authority.concepts import VocabularyMatcher
from concord.authority.reading import reader_fingerprint
from concord.bootstrap.connecting import connect, connectors, gates
from concord.bootstrap.deciding import Deciders
from concord.bootstrap.detecting import DETECT_DAYS, Detector, Watched
from concord.bootstrap.diagnosing import Asking
from concord.bootstrap.foundation import Foundation
from concord.bootstrap.indexes import Indexes
from concord.bootstrap.previewing import Bounds, Previewer
from concord.bootstrap.proving import Prover
from concord.bootstrap.questions import question_of, streamed
from concord.bootstrap.registering import open_boards, open_desk, open_ledger, open_register
from concord.bootstrap.reviewed import committed
from concord.bootstrap.running import worked
from concord.bootstrap.telemetry import open_provider
from concord.catalog import items, records
from concord.catalog.activations import active, active_digest
from concord.catalog.chunks import read_otherwise
from concord.catalog.differences import Difference, standing
from concord.catalog.embeddings import EmbeddingStore
from concord.catalog.engine import create_catalog_engine, reading, sqlite_url, writing
from concord.catalog.errors import NothingApplied
from concord.catalog.migrate import migrate
from concord.catalog.recipe import HASHING, InUse, Recipe, put_to_use, recipe_in_use
from concord.catalog.register import forget
from concord.catalog.retention import Retention
from concord.catalog.runs import SYNC, Runs
from concord.doctor import Check, examine, files, owners
from concord.embedding import BatchedEncoder, CachedEncoder, Encoder, Passage, encode_all, open_encoder
from concord.governance import Change, Known, Problem, Proposal, Proposals, Reader, State, review
from concord.governance.cases import CaseDesk
from concord.governance.cases.awaiting import Line, put_back
from concord.governance.checks import Kind
from concord.governance.dashboards import Boards, Ledger
from concord.governance.gates import RecipeGate
from concord.governance.planning import asked
from concord.governance.preview import Preview
from concord.governance.register import Register
from concord.governance.replay import Ask
from concord.index import Index, IndexDamaged
from concord.ingestion.advisory_locks import AdvisoryLocks
from concord.ingestion.chunking import Chunker
from concord.ingestion.derive import UNSETTLED, Deriver
from concord.ingestion.errors import Untriable
from concord.ingestion.followers import IndexFacts
from concord.ingestion.indexing import Drained, IndexProgress, embed
from concord.ingestion.likeness import Encode, StoredVectors
from concord.ingestion.locks import SourceLocks
from concord.ingestion.mining import Mined, mine
from concord.ingestion.moving import Moved
from concord.ingestion.run import SyncOutcome, SyncRun, SyncWatch
from concord.ingestion.subjects import Subjects
from concord.ingestion.sync import SourceSync
from concord.ingestion.trial import MappingTrial
from concord.retrieval.passages import Retrieval
from concord.retrieval.retriever import Retriever
from concord.retrieval.supposed import Describe, SupposedRetriever
from concord.usecases import UseCaseError, choose, read_use_cases
from concord.workspace import FileProblem, Settings, find_workspace, read_declarations, read_settings, state_folder
from concord.workspace.sources import SourceDeclaration, read_sources
from concord.workspace.tags import TAGS_FILE, read_tags
from concord.workspace.vocabulary import check_vocabulary, load_vocabulary
from concord_connectors.containment import ContainedParser, Containment
from concord_connectors.contract import Connector
from concord_feedback.cases import Case, Move
from concord_feedback.traces import Trace
from concord_taxonomy.naming import naming_texts
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard import ContentItem, Principal
from concord_taxonomy.standard.tokens import EVERYONE

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer


@dataclass(frozen=True)
class Concord:
    """A workspace at work. Parts are opened when they are first used, and never at import."""

    folder: Path
    settings: Settings

    @classmethod
    def open(cls, folder: Path) -> Concord:
        """The workspace at `folder`; raises `WorkspaceNotFound` or `FileProblem`."""
        folder = find_workspace(folder)
        return cls(folder, read_settings(folder))

    @cached_property
    def state(self) -> Path:
        """Where everything derived lives."""
        return state_folder(self.folder)

    @cached_property
    def engine(self) -> Engine:
        """The catalog, at this version's schema."""
        engine = create_catalog_engine(self.settings.catalog.url or sqlite_url(self.state / "catalog.db"))
        try:
            migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine

    @cached_property
    def tracing(self) -> TracerProvider | None:
        """What sends spans of OpenTelemetry, if anything does."""
        return open_provider(self.settings.telemetry)

    @property
    def tracer(self) -> Tracer | None:
        """What takes the spans of this process."""
        return self.tracing.get_tracer("concord") if self.tracing is not None else None

    def desired(self) -> Foundation:
        """The content layer as its files say now."""
        return Foundation(read_declarations(self.folder, self.settings.standard))

    def files_differ(self) -> bool:
        """Whether the files say something else than what is in force (or cannot be read)."""
        try:
            return self.desired().declarations.digest != self.foundation.declarations.digest
        except FileProblem:
            return True

    def review(self, desired: Foundation) -> list[Problem]:
        """Everything that keeps `desired` from being put in force."""
        readers: dict[str, Reader] = {
            "sources/*": lambda files: self._try(read_sources(files)),
            "principals.yaml": lambda files: Foundation(files).directory,
            "policies/*": ActionPolicies.read,
            "ownership.yaml": lambda files: Foundation(files).ownership,
            "authority.yaml": lambda files: Foundation(files).policy,
            # A CSV list means nothing without the file of its columns: it is read with the whole.
            "taxonomy/*.[jnrt]*": lambda files: load_vocabulary(files, shared_scheme=""),
            "usecases/*": read_use_cases,
            TAGS_FILE: read_tags,
        }
        return review(desired.declarations, readers, [check_vocabulary], self._known(desired))

    def _try(self, sources: Mapping[str, SourceDeclaration]) -> None:
        """Give each source's options to its connector; an unknown connector is told of with the other names."""
        for source in sources.values():
            if source.connector in connectors():
                self.connector(source)

    def _known(self, desired: Foundation) -> Known:
        """What the files declare; a kind whose files cannot be read is left open."""
        known: dict[Kind, Collection[str]] = {
            "connector": connectors().keys(),
            "source": {stem for _, stem, _ in desired.declarations.under("sources")},
        }
        with suppress(FileProblem):
            known["concept"] = desired.vocabulary.concepts.keys()
        # Elsewhere the directory is the identity provider's, and only it knows who there is.
        if self._knows_all:
            with suppress(FileProblem):
                known["principal"] = desired.directory.tokens
        return known

    @cached_property
    def proposals(self) -> Proposals:
        """Changes of the content layer, and who decides on them by the settings and by what is in force."""
        settings = self.settings.governance
        return Proposals(
            self.engine,
            lambda declarations: self.review(Foundation(declarations)),
            self.deciders,
            gates(self),
            automatic=settings.mode == "development",
            turned_down=put_back,
        )

    def who_decides(self, proposal: Proposal) -> tuple[str, ...]:
        """The tokens of those who may decide on a proposal in review, in the order in which they are asked."""
        if proposal.state is not State.IN_REVIEW:
            return ()
        with reading(self.engine) as connection:
            return tuple(each for step in self._deciding(connection, proposal) for each in step)

    def _deciding(self, connection: Connection, proposal: Proposal) -> Line:
        """Who is asked to decide on a proposal, and who next.

        Elsewhere than in development only the identity provider knows who is in a group: any may have others.
        """
        foundation = self.known
        means_another = foundation.directory.means_another if self._knows_all else lambda token, but: token not in but
        return self.deciders.line(asked(connection, proposal), partial(self._may_read, foundation), means_another)

    def preview(
        self, change: Change, who: Principal, progress: Callable[[int, int], None], bounds: Bounds | None = None
    ) -> Preview:
        """What a change would do, as far as `who` may see it; `progress` gets questions done in a step and in all.

        `bounds` are narrower ones than those of the settings, where somebody waits for it.
        """
        most = self.settings.governance
        wide = Bounds(most.preview_questions, most.preview_items)
        if bounds is not None:
            questions, held = min(wide.questions, bounds.questions), min(wide.items, bounds.items)
            wide = Bounds(questions, held, bounds.first)
        parts = (self.engine, self.settings, self.derivers, self.supposing)
        return Previewer(*parts, change, who, self.proposals.may_decide(who, change), wide).preview(progress)

    def committed(self, commit: str, proposals: Iterable[Proposal]) -> str:
        """The id of the git commit in which the files say what is proposed; raises `NotCommitted`."""
        files = {path: text for each in proposals for path, text in self.proposals.files(each).items()}
        return committed(self.folder, commit, files)

    @cached_property
    def foundation(self) -> Foundation:
        """The content layer in force; raises `NothingApplied`."""
        with reading(self.engine) as connection:
            return Foundation(active(connection))

    @property
    def known(self) -> Foundation:
        """The content layer in force; before anything was applied, the one of the files, which are read only then."""
        try:
            return self.foundation
        except NothingApplied:
            return self.desired()

    @cached_property
    def recipe(self) -> Recipe:
        """By what passages are cut and embedded: what the settings say, once the gates have let it through."""
        wanted = Recipe.of(self.settings)
        with reading(self.engine) as connection:
            held = recipe_in_use(connection)
        return held.recipe if held and held.recipe != wanted and self.recipe_gates else wanted

    @property
    def recipe_gates(self) -> list[RecipeGate]:
        """The gates that look at another recipe before it is in use."""
        return [each for each in self.proposals.gates if isinstance(each, RecipeGate)]

    def recipe_waits(self) -> bool:
        """Whether the settings name another recipe than the one in use, which no gate has let through yet."""
        return self.recipe != Recipe.of(self.settings)

    def model_replaced(self) -> bool:
        """Whether the model in use has other files than when it was put to use."""
        with reading(self.engine) as connection:
            held = recipe_in_use(connection)
        return held is not None and held.recipe == self.recipe and held.fingerprint != self.encoder.model

    def by(self, recipe: Recipe) -> Concord:
        """The same workspace by another recipe, with its own index; the catalog is shared and stays open."""
        made = Concord(self.folder, self.settings)
        parts = {"state": self.state, "engine": self.engine, "locks": self.locks, "foundation": self.foundation}
        vars(made).update(parts, recipe=recipe)
        return made

    @cached_property
    def encoder(self) -> Encoder:
        """The embedding model."""
        if self.recipe.model == HASHING:
            from concord.embedding.hashing_encoder import HashingEncoder

            return HashingEncoder()
        runtime = self.settings.embedding.runtime
        return BatchedEncoder(open_encoder(self.recipe.model, "onnx" if runtime == HASHING else runtime))

    @cached_property
    def cached_encoder(self) -> CachedEncoder:
        """The embedding model behind the catalog's cache."""
        return CachedEncoder(self.encoder, EmbeddingStore(self.engine), self.settings.embedding.batch_size)

    @cached_property
    def indexes(self) -> Indexes:
        """Every index of this model."""
        return Indexes(self.state, self.settings, self.engine, self.cached_encoder, self.locks)

    @property
    def index_folder(self) -> Path:
        """Where Qdrant Edge's index of this model is."""
        return self.indexes.folder

    @cached_property
    def index(self) -> Index:
        """The vector index of this model: on the server of the settings, or in the process that all commands share."""
        return self.indexes.open(self.settings.index.url)

    def index_facts(self) -> IndexFacts:
        """What there is to know of the index in use; for operators, as it counts what nobody else may see."""
        return self.indexes.facts(self.index)

    def index_behind(self) -> bool:
        """Whether the index has yet to follow something, another index's having been used before included."""
        return self.index_facts().behind

    def read_otherwise(self) -> int:
        """How many passages the reader in force has not read: each question does so until the next sync."""
        with reading(self.engine) as connection:
            return read_otherwise(connection, self._read_by) if active_digest(connection) else 0

    @property
    def _read_by(self) -> str:
        return reader_fingerprint(self.foundation.vocabulary)

    def move_index(self, url: str | None, progress: Callable[[int, int], None]) -> Moved:
        """Fill the index on the server at `url`, or Qdrant Edge's; raises `AlreadyInUse` and `MoveFailed`."""
        return self.indexes.move(url, progress)

    def rebuild_index(self, progress: IndexProgress | None = None) -> Drained:
        """Build the index anew from the catalog beside the one in use, and put it in its place."""
        return self.indexes.rebuild(lambda: self.index, progress)

    def examine(self, audit_head: str | None = None) -> Iterator[Check]:
        """Check the files, and the state that comes of them; `audit_head` is a hash that the audit log has to hold."""
        desired = self.desired()
        problems = self.review(desired)
        yield from files(problems, lambda: self.files_differ())
        if not problems:
            there = desired.directory.held.__contains__ if self._knows_all else lambda _: True
            yield owners(desired.ownership, self.settings.governance.approvers, there)
        sources = [stem for _, stem, _ in desired.declarations.under("sources")]
        locks = SourceLocks(self.state / "locks")  # this machine's: the catalog may be what is broken
        parts = (lambda: self.engine, lambda: self.encoder, lambda: self.index, lambda: self._read_by)
        yield from examine(self.state, locks, sources, *parts, audit_head)
        yield worked(self, datetime.now(UTC))

    @cached_property
    def subjects(self) -> Subjects:
        """Tagging by the vocabulary in force."""
        return self._subjects(self.foundation)

    @cached_property
    def subjects_by_words(self) -> Subjects:
        """Tagging by the vocabulary in force and the words of items alone: no model is needed."""
        return Subjects(self.foundation.vocabulary)

    def suggested(self, item: ContentItem, body: str) -> list[str]:
        """The concepts that the words of an item and the vectors stored of it lead to, best first."""
        likeness = self.subjects.likeness([chunk.content_hash for chunk in self.chunker.chunk(body)])
        found = sorted(self.subjects.tag(item, body, likeness), key=lambda tag: -tag.score)
        return [tag.concept for tag in found]

    @cached_property
    def parser(self) -> ContainedParser:
        """Parsing in processes of its own, within the limits of the settings."""
        settings = self.settings.parsing
        return ContainedParser(Containment(settings.timeout_seconds, settings.memory_mb, settings.processes))

    @cached_property
    def chunker(self) -> Chunker:
        """Cutting by the model's tokens."""
        return Chunker(self.encoder.count_tokens, self.recipe.max_tokens, self.recipe.max_table_tokens)

    def deriver(self, source: SourceDeclaration) -> Deriver:
        """What derives the items of a source."""
        return self._deriver(self.foundation, self.subjects, source)

    def derivers(self, foundation: Foundation) -> dict[str, Deriver]:
        """What would derive the items of each source if `foundation` were in force."""
        subjects = self._subjects(foundation, lambda texts: encode_all(self.encoder, texts))
        return {id_: self._deriver(foundation, subjects, source) for id_, source in foundation.sources.items()}

    def _subjects(self, foundation: Foundation, encode: Encode | None = None) -> Subjects:
        names = naming_texts(foundation.vocabulary)
        vectors = StoredVectors(self.engine, self.encoder.model, names, encode)
        return Subjects(foundation.vocabulary, foundation.tags, vectors)

    def _deriver(self, foundation: Foundation, subjects: Subjects, source: SourceDeclaration) -> Deriver:
        return Deriver(source, foundation.ownership, subjects, self.chunker, frozenset(foundation.sources))

    def sync(self, source: SourceDeclaration) -> SourceSync:
        """What syncs a source."""
        return SourceSync(self.engine, self.connector(source), self.parser, self.deriver(source), self.cached_encoder)

    def trial(self, desired: Foundation, held: Foundation, source: str) -> MappingTrial:
        """What tries the desired mapping of a source; `held` is what is in force."""
        declared = desired.sources[source]
        in_force = held.sources.get(source)
        sources = frozenset(desired.sources)
        return MappingTrial(self.engine, self.connector(declared), declared, self.parser, in_force, sources)

    @cached_property
    def locks(self) -> SourceLocks:
        """One lock per source, across machines where they share a catalog."""
        if self.engine.dialect.name != "postgresql":
            return SourceLocks(self.state / "locks")
        done = self.runs.last_done
        return SourceLocks(self.state / "locks", AdvisoryLocks(self.engine), lambda source: done(f"{SYNC}{source}"))

    @cached_property
    def runs(self) -> Runs:
        """What the worker did."""
        return Runs(self.engine, self.state)

    def embed_labels(self, vocabulary: Vocabulary, progress: Callable[[int, int], None]) -> int:
        """Keep the vectors of a vocabulary's labels, with which questions are compared; returns how many were made.

        `progress` gets the labels done in a step, and in all.
        """
        labels = naming_texts(vocabulary)
        return embed(self.engine, self.cached_encoder, map(Passage, labels), lambda done: progress(done, len(labels)))

    def sync_sources(self, sources: Iterable[SourceDeclaration], watch: SyncWatch | None = None) -> SyncOutcome:
        """Bring sources and the index up to date, and drop the sources that are no longer declared.

        Raises `Untriable` where the model's files were replaced and gates look at that.
        """
        self._note_recipe()
        traces = timedelta(days=self.settings.traces.retention_days)
        conversations = timedelta(days=self.settings.conversations.retention_days)
        revisions = Retention(self.settings.revisions.retention_days, self.settings.revisions.max_per_item)
        run = SyncRun(
            self.engine,
            self.index,
            self.cached_encoder,
            self.locks,
            traces,
            conversations,
            revisions,
            self.indexes.followers,
            self.subjects.reader,
            self.indexes.in_use,
            naming_texts(self.foundation.vocabulary),
        )
        syncs = [(source.id, partial(self.sync, source)) for source in sources]
        outcome = run.run(syncs, self.foundation.sources, watch or SyncWatch())
        self._follow_up(outcome)
        return outcome

    def _note_recipe(self) -> None:
        """Keep by what the index is filled, so that another recipe is told from it."""
        used = InUse(self.recipe, self.encoder.model)
        with reading(self.engine) as connection:
            held = recipe_in_use(connection)
        if held == used:
            return
        if held is not None and self.recipe_gates:
            raise Untriable(f"the files of {self.recipe.model} are others than those that the index was filled by")
        with writing(self.engine, renews=False) as connection:
            put_to_use(connection, used, "system:sync")

    def _follow_up(self, outcome: SyncOutcome) -> None:
        """What a sync means for cases: signs of errors, fixes to prove, owners to follow."""
        if failures := Detector(cast(Watched, self)).failures(outcome):
            self.desk.sync_failed(failures, datetime.now(UTC))
        # What waits in quarantine; questions are looked at by `detect`.
        self.desk.detect((), datetime.now(UTC).date())
        self.desk.weigh()  # before any is closed, whatever a sync that was interrupted had come to
        self.prove(changed=any(each.report and each.report.changed + each.report.removed for each in outcome.sources))
        self.desk.follow()

    def follows(self, sources: Iterable[str]) -> bool:
        """Whether every item of these sources is described by what is in force, and this workspace goes by that."""
        with reading(self.engine) as connection:
            if active_digest(connection) != self.foundation.declarations.digest:
                return False
            for source in sorted(set(sources) & self.foundation.sources.keys()):
                context = self.deriver(self.foundation.sources[source]).context
                if records.stale(connection, source, [context, context + UNSETTLED], 1):
                    return False
        return True

    def prove(self, *, changed: bool = False) -> list[Case]:
        """Ask the questions of cases again whose fix can be proven by now; returns the cases that moved.

        Where something has `changed`, what was not answered is asked again without anybody's having said so.
        """
        return Prover(cast(Asking, self)).prove(changed=changed)

    def act(self, who: Principal, case_id: int, made: Move, read: datetime | None = None) -> Case:
        """Move a case that `who` deals with, as `CaseDesk.act` does; what a fix that they confirm answers is kept."""
        return Prover(cast(Asking, self)).act(who, case_id, made, read)

    def detect(self, days: int = DETECT_DAYS) -> list[Case]:
        """Open cases on what nobody has reported, from the questions of the last days and from what waits."""
        return Detector(cast(Watched, self)).detect(days)

    def connector(self, source: SourceDeclaration) -> Connector:
        """The connector of a source; raises `FileProblem` for an unknown one or a bad option."""
        return connect(source, self.folder, self.state, self.parser)

    @cached_property
    def retriever(self) -> Retriever:
        """Search under access and lifecycle filters; raises `IndexDamaged` where the index has lost everything."""
        if (facts := self.index_facts()).lost:
            raise IndexDamaged(facts.place, "it has lost everything that it held")
        return Retriever(self.engine, self.index, self.encoder, self.foundation.vocabulary, self.settings.retrieval)

    @cached_property
    def answerer(self) -> Answerer:
        """Answers with citations, under the authority policy in force."""
        llm = self.settings.answer.llm
        made = self._answerer(self.foundation, self.retriever, self.settings.traces.retention_days > 0)
        made = replace(made, redact=Redaction(self.settings.traces), renewed=self._as_now)
        if self.tracer is not None:
            content = self.settings.telemetry.content
            made = replace(
                made,
                tell=partial(emit, self.tracer, content=content),
                tell_search=partial(emit_search, self.tracer, content=content),
            )
        return replace(made, model=Endpoint(llm)) if llm.base_url else made

    def _answerer(self, foundation: Foundation, retriever: Retriever, keep_traces: bool) -> Answerer:
        matcher = VocabularyMatcher(retriever.labels, foundation.vocabulary)
        adjudicator = Adjudicator(foundation.policy, foundation.vocabulary, matcher, self._accepted)
        digest = foundation.declarations.digest
        may_read = partial(self._may_read, foundation)
        declared = hosts_in(text for _, _, text in foundation.declarations.under("sources"))
        hosts = declared.union(self.settings.answer.link_hosts)
        return Answerer(self.engine, retriever, adjudicator, self.settings.answer, digest, keep_traces, may_read, hosts)

    def _as_now(self, who: Principal) -> Principal:
        """The person with the groups that they are in now, where they are declared here; nobody's, where they are gone.

        Elsewhere than in development the identity provider's token says so, until it ends.
        """
        with reading(self.engine) as connection:
            held = self.settings.auth != "development" or active_digest(connection) == self.answerer.policy_version
            declarations = None if held else active(connection)
        if declarations is None:
            return who
        try:
            return Foundation(declarations).directory.principal(who.id)
        except (AccessError, FileProblem):
            return replace(who, tokens=frozenset())

    def _may_read(self, foundation: Foundation, holder: str, readers: Sequence[str]) -> bool:
        """Whether a person or group may read.

        Elsewhere than in development only the identity provider knows who is in a group: there it takes that the
        readers name the holder, or everyone.
        """
        if self._knows_all:
            return foundation.directory.may_read(holder, readers)
        return not {holder, EVERYONE}.isdisjoint(readers)

    def _accepted(self, entries: Sequence[str]) -> Sequence[Difference]:
        with reading(self.engine) as connection:
            return standing(connection, entries)

    @cached_property
    def register(self) -> Register:
        """The contradictions that were found without any question."""
        return self.register_of(self.foundation)

    def register_of(self, foundation: Foundation) -> Register:
        """The register as if `foundation` were in force, over the claims as they are read by what is."""
        least = self.settings.conflicts.min_certainty
        may_read = partial(self._may_read, foundation)
        return open_register(self.engine, foundation, self.subjects.reader, may_read, least)

    @cached_property
    def desk(self) -> CaseDesk:
        """The cases, and who deals with them by what is in force."""
        may_read, most = partial(self._may_read, self.foundation), self.settings.service.disputes_per_hour
        parts = (self.engine, self.foundation, may_read, self._deciding, most)
        return open_desk(
            *parts,
            lambda who, entry: self.register.entry(who, entry),
            approvers=self.settings.governance.approvers,
            everybody=self._knows_all,
        )

    @property
    def _knows_all(self) -> bool:
        """Whether the directory has everybody: elsewhere than in development, the identity provider has others."""
        return self.settings.auth == "development"

    @property
    def deciders(self) -> Deciders:
        """Who decides on changes, by the settings and by what is in force."""
        return Deciders(self.settings.governance.approvers, self._readers_of)

    def _readers_of(self, identifiers: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        with reading(self.engine) as connection:
            return items.readers_of(connection, identifiers)

    @cached_property
    def boards(self) -> Boards:
        """The dashboards over the cases."""
        return open_boards(self.desk, self.foundation)

    @property
    def ledger(self) -> Ledger:
        """What people did by hand to keep the content layer and the cases."""
        approvers, minutes = self.settings.governance.approvers, self.settings.curation.minutes
        return open_ledger(self.boards, self.proposals, self.foundation, approvers, minutes)

    def mine_again(self) -> Mined:
        """Build the conflict register anew from the passages' readings."""
        with writing(self.engine) as connection:
            forget(connection)
        return mine(self.engine, self.subjects.reader)

    def ask(
        self,
        question: str,
        principal: Principal,
        use_case: str | None = None,
        as_of: date | None = None,
        earlier: Sequence[str] = (),
    ) -> Answer:
        """Answer a question: what `stream` ends with."""
        return answer_of(self.stream(question, principal, use_case, as_of, earlier))

    def stream(
        self,
        question: str,
        principal: Principal,
        use_case: str | None = None,
        as_of: date | None = None,
        earlier: Sequence[str] = (),
    ) -> Generator[AnswerEvent, None, None]:
        """Answer a question as `principal`, inside a use case, as of a day, while the answer is made.

        `earlier` are the questions of the conversation so far, oldest first, in the words in which they were asked.
        Raises `UnknownUseCase` and `DateToCome` at once; what else may fail fails while the events are read. Close the
        generator to give up an answer.
        """
        return streamed(self.answerer, self.foundation, question, principal, use_case, as_of, earlier)

    def supposing(self, foundation: Foundation, described: Describe | None = None) -> Ask:
        """What answers logged questions as if `foundation` were in force, for `concord.governance.replay`.

        `described` gives items as they would be described by it. Nothing is written; labels that no sync has embedded
        yet are embedded in memory, passages never. Who is not known by it, or may not use the use case, gets None.
        """
        parts = (self.engine, self.index, self.encoder, foundation.vocabulary, self.settings.retrieval)
        return self._asking(
            foundation, SupposedRetriever(*parts, described=described) if described else SupposedRetriever(*parts)
        )

    def as_if(self, foundation: Foundation) -> Concord:
        """The workspace as if `foundation` were in force, to ask and search in: answers are quoted, nothing is written.

        The index is as the last sync left it; new labels are embedded in memory, passages never.
        """
        made = self.renewed()
        parts = (self.engine, self.index, self.encoder, foundation.vocabulary, self.settings.retrieval)
        retriever = SupposedRetriever(*parts)
        answerer = made._answerer(foundation, retriever, keep_traces=False)
        vars(made).update(foundation=foundation, retriever=retriever, answerer=answerer)
        return made

    def evaluating(self, run: str) -> Concord:
        """The same workspace for an evaluation or import: its traces name the run; nobody is taken to have asked."""
        made, answerer = self.renewed(), self.answerer
        marked = replace(answerer, redact=lambda trace: answerer.redact(trace.model_copy(update={"run": run})))
        vars(made).update(foundation=self.foundation, retriever=self.retriever, answerer=marked)
        return made

    @cached_property
    def asking(self) -> Ask:
        """What answers logged questions again, of what is in force; nothing is written."""
        return self._asking(self.foundation, self.retriever)

    def _asking(self, foundation: Foundation, retriever: Retriever) -> Ask:
        answerer = self._answerer(foundation, retriever, keep_traces=False)

        def ask(trace: Trace) -> Answer | None:
            try:
                principal = foundation.directory.principal(trace.principal)
                at = trace.as_of if trace.past else None
                return answer_of(streamed(answerer, foundation, trace.question, principal, trace.use_case, at))
            except (AccessError, UseCaseError):
                return None

        return ask

    def explain(self, text: str, principal: Principal, use_case: str | None = None, at: date | None = None) -> Evidence:
        """What authority makes of a question, as with `ask`; nothing is traced."""
        chosen = choose(self.foundation.use_cases, use_case, principal)
        question = question_of(text, principal, chosen, at)
        return self.answerer.weigh(question, self.retriever.search(question))

    def search(self, text: str, principal: Principal, use_case: str | None = None, at: date | None = None) -> Retrieval:
        """The passages for a question, as with `ask`; raises `UnknownUseCase`, `DateToCome`."""
        chosen = choose(self.foundation.use_cases, use_case, principal)
        return self.answerer.search(question_of(text, principal, chosen, at))

    def renewed(self) -> Concord:
        """The same workspace with what is in force now; what does not depend on it stays open and is shared."""
        made = Concord(self.folder, self.settings)
        vars(made).update({name: vars(self)[name] for name in _LASTING if name in vars(self)})
        return made

    def close(self) -> None:
        """Let go of what was opened."""
        if (tracing := vars(self).get("tracing")) is not None:
            tracing.shutdown()
        if "parser" in self.__dict__:
            self.parser.close()
        if "index" in self.__dict__:
            self.index.close()
        if "runs" in self.__dict__:
            self.runs.close()
        if "engine" in self.__dict__:
            self.engine.dispose()


_LASTING = (
    *("state", "engine", "runs", "recipe", "encoder", "cached_encoder", "parser", "index", "indexes", "locks"),
    "tracing",
)
"""Parts that depend on the settings alone, and not on what is in force."""
