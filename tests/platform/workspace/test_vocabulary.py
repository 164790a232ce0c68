"""What stands in `taxonomy/` and belongs elsewhere is told where to go."""

import pytest

from concord.workspace import Declarations, FileProblem
from concord.workspace.vocabulary import load_vocabulary

COLUMNS = "{scheme: 'urn:x', columns: {id: id, Term: prefLabel}}"


@pytest.mark.parametrize("name", ["tags.yaml", "ownership.yaml"])
def test_a_declaration_of_the_root_is_no_file_of_columns(name):
    with pytest.raises(FileProblem, match=r"root of the workspace, beside concord\.yaml") as caught:
        load_vocabulary(Declarations({f"taxonomy/{name}": "tags: []"}))
    assert caught.value.path == f"taxonomy/{name}"


def test_a_list_may_be_called_tags():
    files = {"taxonomy/tags.csv": "id,Term\na,alpha\n", "taxonomy/tags.yaml": COLUMNS}
    assert len(load_vocabulary(Declarations(files)).concepts) == 1


def test_other_columns_without_a_list_are_told_of():
    with pytest.raises(FileProblem, match=r"columns of finance\.csv mean, which is not there"):
        load_vocabulary(Declarations({"taxonomy/finance.yaml": COLUMNS}))
