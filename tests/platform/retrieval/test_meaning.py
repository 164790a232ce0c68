"""What a question is about though it names no concept: by the nearest label of each."""

import numpy as np
import pytest

from concord.retrieval.meaning import ConceptVectors


def unit(*numbers):
    vector = np.array(numbers, np.float32)
    return vector / np.linalg.norm(vector)


TEXTS = {"leave": ("leave",), "holiday": ("leave", "travel"), "trip": ("travel",), "unknown": ("other",)}
VECTORS = {"leave": unit(1, 0), "holiday": unit(1, 1), "trip": unit(0, 1)}


def test_a_concept_is_as_near_as_its_nearest_label():
    near = ConceptVectors.build(TEXTS, VECTORS).likeness(unit(1, 0))
    assert near["leave"] == 1.0
    assert near["travel"] == pytest.approx(np.exp(20 * (np.sqrt(0.5) - 1)), rel=1e-4)


def test_a_label_without_a_vector_is_passed_over():
    assert set(ConceptVectors.build(TEXTS, VECTORS).likeness(unit(0, 1))) == {"leave", "travel"}


def test_no_vocabulary_means_nothing():
    assert ConceptVectors.build({}, {}).likeness(unit(1, 0)) == {}
    assert ConceptVectors.build(TEXTS, {}).likeness(unit(1, 0)) == {}
