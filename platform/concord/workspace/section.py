"""What every section of the settings has in common."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A section of `concord.yaml`; a name that it does not know is an error."""

    model_config = ConfigDict(extra="forbid")
