"""Who may open a route: `@page(Permission…)`, `@signed_in` or `@public` on every view; see `junheng.web.access.pages`."""

from junheng.web.access.pages import Access, ActorRequest, View, page, public, signed_in

__all__ = ["Access", "ActorRequest", "View", "page", "public", "signed_in"]
