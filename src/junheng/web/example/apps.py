"""The app."""

from django.apps import AppConfig


class ExampleConfig(AppConfig):
    """示例县。No models."""

    name = "junheng.web.example"
    label = "example"
