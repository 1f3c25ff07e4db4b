"""Routes."""

from django.urls import URLPattern, URLResolver, path

from junheng.web.evaluations.views import dashboard, explain, region, runs, schools, standards

app_name = "evaluations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("counties/<int:organisation_id>/", dashboard.county, name="county"),
    path("region/", region.region, name="region"),
    path("region/<int:organisation_id>/", region.region_of, name="region_of"),
    path("runs/", runs.runs, name="runs"),
    path("runs/start/", runs.start, name="start"),
    path("runs/compare/", runs.compare, name="compare"),
    path("runs/<int:run_id>/", dashboard.run, name="run"),
    path("runs/<int:run_id>/brief/", dashboard.brief, name="brief"),
    path("runs/<int:run_id>/publish/", runs.publish, name="publish"),
    path("runs/<int:run_id>/departments/", schools.departments, name="departments"),
    path("runs/<int:run_id>/explain/", explain.explain, name="explain"),
    path("runs/<int:run_id>/explain/<path:at>/", explain.explain, name="explain"),
    path("runs/<int:run_id>/schools/", schools.schools, name="schools"),
    path("runs/<int:run_id>/schools/<int:organisation_id>/plan/", schools.plan, name="plan"),
    path("schools/<int:organisation_id>/", schools.school, name="school"),
    path("standards/", standards.standards, name="standards"),
    path("standards/compare/", standards.compare_standards, name="compare_standards"),
    path("standards/<slug:standard_id>/", standards.standard, name="standard"),
]
