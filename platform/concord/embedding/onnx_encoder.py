"""Embedding through ONNX Runtime: the same vectors as torch, faster on a CPU, and loaded in a fraction of the time.

The model is exported once per machine and kept in the cache folder; the export is refused unless its vectors agree
with torch's (`MAX_DIFFERENCE`), so that switching the runtime never switches the vectors.
"""

from __future__ import annotations

import os
import tempfile
import threading
import warnings
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock

from concord.embedding.errors import EmbeddingError
from concord.embedding.model_files import ModelFiles
from concord.embedding.pooling import Hidden, embed_all, pool
from concord.embedding.tokens import TokenBatch, Tokens
from concord.embedding.torch_encoder import TorchEncoder
from concord.embedding.vectors import Embedded, Passage, Vectors

if TYPE_CHECKING:
    import torch

MAX_DIFFERENCE = 1e-5
_PROBES = ("Hello.", "How many days of annual leave does a new employee receive in the first year?", "word " * 300)


class OnnxEncoder:
    """A sentence-transformers model (mean pooling, normalised) run by ONNX Runtime on the CPU."""

    def __init__(self, files: ModelFiles, cache: Path, threads: int | None = None) -> None:
        self._files = files
        self._path = cache / f"{files.path.name}-{files.fingerprint}-hidden.onnx"
        self._threads = threads
        self._opening = threading.Lock()
        self._one_threaded: Any = None

    @property
    def model(self) -> str:
        """Name and fingerprint of the model; the runtime is no part of it, for the vectors are the same."""
        return f"{self._files.name}@{self._files.fingerprint}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._files.dimension

    @property
    def max_tokens(self) -> int:
        """Tokens of a text that the model reads."""
        return self._files.max_tokens

    @cached_property
    def _tokens(self) -> Tokens:
        return Tokens(self._files)

    @property
    def batches_at_once(self) -> int:
        """One for each core: together they take four fifths of the CPU time of one after the other on all cores."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        return self._threads or cores or 1

    @cached_property
    def _session(self) -> Any:
        """For questions, which come one by one: each runs on all cores."""
        return self._opened(self._threads)

    @property
    def _session_of_passages(self) -> Any:
        """For passages, which come by the thousand: each batch runs in the thread that asks for it."""
        with self._opening:
            if self._one_threaded is None:
                self._one_threaded = self._opened(1)
            return self._one_threaded

    def _opened(self, threads: int | None) -> Any:
        if not self._path.is_file():
            export(self._files, self._path)
        return _open(self._path, threads)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed `texts` as one batch, padded to its longest."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        batch = self._tokens.batch(texts)
        return pool(_hidden(self._session, batch), batch.mask)

    def encode_passages(self, passages: Sequence[Passage]) -> list[Embedded]:
        """Embed passages as one batch, and the sentences in them in the same pass."""
        if not passages:
            return []
        batch = self._tokens.batch([passage.text for passage in passages])
        return embed_all(passages, batch, _hidden(self._session_of_passages, batch, shrink=True))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, uncut and without special ones."""
        return self._tokens.count(texts)


def export(files: ModelFiles, target: Path) -> None:
    """Write the model as ONNX to `target` and check its vectors against torch's; raises `EmbeddingError`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{target}.lock"):
        if target.is_file():
            return
        reference = TorchEncoder(files)
        descriptor, name = tempfile.mkstemp(dir=target.parent, suffix=".onnx")
        os.close(descriptor)
        draft = Path(name)
        try:
            _export(reference, draft)
            tokens, session = Tokens(files), _open(draft, None)
            worst = max(_difference(session, tokens.batch([probe]), reference.encode([probe])) for probe in _PROBES)
            if not worst <= MAX_DIFFERENCE:
                raise EmbeddingError(f"the ONNX form of {files.name} differs from torch by {worst:.1e}: use torch")
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)


def _difference(session: Any, batch: TokenBatch, reference: Vectors) -> float:
    return float(np.abs(pool(_hidden(session, batch), batch.mask) - reference).max())


def _export(reference: TorchEncoder, target: Path) -> None:
    import torch

    transformer = reference.sentence_transformer[0].auto_model.eval()  # type: ignore[union-attr]

    class HiddenStates(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            hidden: torch.Tensor = self.transformer(
                input_ids=input_ids, attention_mask=attention_mask
            ).last_hidden_state
            return hidden

    example = torch.ones(2, 8, dtype=torch.long)
    axes = {0: "batch", 1: "tokens"}
    with torch.no_grad(), warnings.catch_warnings():
        # The exporter that needs nothing but `onnx` is the older one, and it says so at every call.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            HiddenStates().eval(),
            (example, example),
            str(target),
            input_names=["input_ids", "attention_mask"],
            output_names=["hidden"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes},
            opset_version=17,
            dynamo=False,
        )


_AWAKE_MICROSECONDS = "50"
"""How long the model's threads wait awake: enough between two steps of one question, and not until the next one.

Left to themselves they turn behind each question, on cores that the index and the rest of the answer need.
"""


def _open(path: Path, threads: int | None) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    if threads:
        options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.spin_duration_us", _AWAKE_MICROSECONDS)
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _hidden(session: Any, batch: TokenBatch, *, shrink: bool = False) -> Hidden:
    """The hidden states of a batch. `shrink` gives the memory back that it took, half a gigabyte for 32 long passages.

    Otherwise it is kept for the next one: a question takes little, and comes often.
    """
    import onnxruntime

    options = onnxruntime.RunOptions()
    if shrink:
        options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    hidden: Hidden = session.run(None, {"input_ids": batch.ids, "attention_mask": batch.mask}, options)[0]
    return hidden
