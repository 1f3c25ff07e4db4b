"""Routes."""

from django.urls import URLPattern, URLResolver, path

from junheng.web.plans.views import comparing, curves, forecasts, plans, scenarios, schools

app_name = "plans"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", plans.listed, name="plans"),
    path("compare/", comparing.compare, name="compare"),
    path("mine/", schools.mine, name="mine"),
    path("files/<int:file_id>/", plans.download, name="download"),
    path("forecasts/", forecasts.listed, name="forecasts"),
    path("forecasts/start/", forecasts.start, name="start_forecast"),
    path("forecasts/<int:forecast_id>/", forecasts.forecast, name="forecast"),
    path("forecasts/<int:forecast_id>/workbook/", forecasts.workbook, name="forecast_workbook"),
    path("scenarios/", scenarios.listed, name="scenarios"),
    path("scenarios/create/", scenarios.create, name="create_scenario"),
    path("scenarios/<int:scenario_id>/", scenarios.scenario, name="scenario"),
    path("scenarios/<int:scenario_id>/copy/", scenarios.copy, name="copy_scenario"),
    path("scenarios/<int:scenario_id>/remove/", scenarios.remove, name="remove_scenario"),
    path("scenarios/<int:scenario_id>/start/", scenarios.start, name="start"),
    path("scenarios/<int:scenario_id>/what-ifs/", scenarios.what_ifs, name="what_ifs"),
    path("<int:plan_id>/", plans.plan, name="plan"),
    path("<int:plan_id>/progress/", plans.progress, name="progress"),
    path("<int:plan_id>/stop/", plans.stop, name="stop"),
    path("<int:plan_id>/steadier/", plans.steadier, name="steadier"),
    path("<int:plan_id>/adopt/", plans.adopt, name="adopt"),
    path("<int:plan_id>/curves/", curves.start, name="start_curves"),
    path("<int:plan_id>/curves/stop/", curves.stop, name="stop_curves"),
    path("<int:plan_id>/reality/", comparing.reality, name="reality"),
    path("<int:plan_id>/schools/<int:organisation_id>/", schools.school, name="school"),
]
