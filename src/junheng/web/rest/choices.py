"""Choices as the OpenAPI document shows them: written out in place. As shapes they would go by the name of their class, and
several apps call theirs `State` or `Kind`.
"""

from typing import Annotated

from django.db.models import TextChoices
from pydantic import WithJsonSchema

from junheng.web.documents.models import Kind as _DocumentKind
from junheng.web.evaluations.models import Source as _Source
from junheng.web.jobs.models import State as _JobState
from junheng.web.organisations.models import Kind as _PlaceKind
from junheng.web.returns.models import State as _ReturnState
from junheng.web.returns.models import Upload


def _written_out(choices: type[TextChoices]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(choices.values)})


PlaceKind = Annotated[_PlaceKind, _written_out(_PlaceKind)]
ReturnState = Annotated[_ReturnState, _written_out(_ReturnState)]
UploadState = Annotated[Upload.State, _written_out(Upload.State)]
RunSource = Annotated[_Source, _written_out(_Source)]
DocumentKind = Annotated[_DocumentKind, _written_out(_DocumentKind)]
JobState = Annotated[_JobState, _written_out(_JobState)]
