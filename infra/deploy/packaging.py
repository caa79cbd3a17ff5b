"""Runs Chalice's packaging of a stage and finishes the template that it writes."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import yaml
from chalice import package as chalice_package
from chalice.cli.factory import CLIFactory
from chalice.config import Config
from chalice.deploy import models
from chalice.deploy.appgraph import ApplicationGraphBuilder, DependencyBuilder
from chalice.deploy.deployer import (
    BaseDeployStep,
    BuildStage,
    InjectDefaults,
    PolicyGenerator,
    SwaggerBuilder,
)
from chalice.deploy.packager import NoSuchPackageError, PackageDownloadError
from chalice.deploy.swagger import CFNSwaggerGenerator
from chalice.deploy.validate import validate_configuration
from chalice.policy import AppPolicyGenerator
from chalice.utils import OSUtils

from chalicelib.kernel.web.gateway import as_deployed
from chalicelib.kernel.web.routing import INDEX
from infra.deploy.errors import PackagingFailed
from infra.deploy.finishing import Template, finish
from infra.deploy.layer import check_layer
from infra.deploy.precompiling import add, precompile
from infra.deploy.stage_settings import check_settings, with_sender
from infra.deploy.upgrading import at_step
from infra.local.downloads import put_viewer
from infra.local.errors import StackError
from infra.local.settings import from_environment

ROOT = Path(__file__).parents[2]
RESOURCES = ROOT / "infra/resources.yaml"
CONSTRAINTS = ROOT / "constraints.txt"
TEMPLATE = "sam.yaml"
CODE = "./deployment.zip"
LAYER = "./layer-deployment.zip"
_FAILURES = (RuntimeError, ValueError, NoSuchPackageError, PackageDownloadError, StackError)
INDEX_NAME = str(INDEX.relative_to(ROOT))

# Defaults of the environment for packaging. A region decides nothing but the
# names of AWS's services; wheels only, because a local build is not for Lambda's machine.
DEFAULTS = {
    "AWS_DEFAULT_REGION": "ap-southeast-1",
    "PIP_ONLY_BINARY": ":all:",
    # Relative, because pip takes a space in it for the start of another file.
    "PIP_CONSTRAINT": os.path.relpath(CONSTRAINTS),
}


def package(
    stage: str,
    out: Path,
    *,
    build: bool = True,
    sender: str | None = None,
    upgrade: int | None = None,
) -> Path:
    """Write the template, and unless it is the template only, the code and its layer, to `out`.

    `sender` is where letters come from, instead of what the stage's settings say; `upgrade` the
    number of a deployment of `upgrading`.
    Once per process: the application takes its stage's names when it is imported.

    Raises PackagingFailed.
    """
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    factory = CLIFactory(str(ROOT), environ=os.environ)
    config = _config(factory, stage)
    if stage not in config.config_from_disk["stages"]:
        raise PackagingFailed(f"{stage} is no stage of .chalice/config.json")
    check_settings(stage, config.config_from_disk, sender)
    if sender:
        config.config_from_disk.update(with_sender(stage, config.config_from_disk, sender))
    out.mkdir(parents=True, exist_ok=True)
    try:
        validate_configuration(config)
        template = _built(factory, config, out) if build else _generated(factory, config)
    except _FAILURES as error:
        raise PackagingFailed(str(error)) from error
    if build:
        check_layer(out / LAYER, ROOT / "requirements.txt", config.lambda_architecture)
    path = out / TEMPLATE
    finished = finish(template, stage)
    path.write_text(_text(at_step(finished, upgrade) if upgrade else finished), encoding="utf-8")
    return path


def _config(factory: CLIFactory, stage: str) -> Config:
    """Chalice's settings of a stage, with the app as it is deployed."""
    given: dict[str, Any] = {}
    config = factory.create_config_obj(stage, user_provided_params=given)
    # Chalice writes the API's definition from the routes that it sees.
    load = given["chalice_app"]
    given["chalice_app"] = lambda: as_deployed(load().complete())
    return config


def _built(factory: CLIFactory, config: Config, out: Path) -> Template:
    """The template that `chalice package --merge-template` writes, with its two archives."""
    put_viewer(from_environment().cache)
    _forget_bytecode()
    _forget_old_layers()
    options = factory.create_package_options()
    packager = factory.create_app_packager(
        config, options, "cloudformation", "yaml", str(RESOURCES)
    )
    packager.package_app(config, str(out), config.chalice_stage)
    add(out / CODE, {INDEX_NAME: _index()})
    for archive in (out / CODE, out / LAYER):
        precompile(archive)
    # The loader in C: the other takes a second for it.
    written: Template = yaml.load((out / TEMPLATE).read_text("utf-8"), Loader=yaml.CSafeLoader)
    return written


def _index() -> bytes:
    """The blueprint of each path, for the first call of it."""
    from app import app

    return json.dumps(app.complete().places, sort_keys=True).encode()


def _forget_bytecode() -> None:
    """Delete bytecode under chalicelib: Chalice packs every file there."""
    sys.dont_write_bytecode = True
    for folder in (ROOT / "chalicelib").rglob("__pycache__"):
        shutil.rmtree(folder, ignore_errors=True)


def _forget_old_layers() -> None:
    """Delete layers older than the constraints: Chalice looks at requirements.txt only."""
    for layer in (ROOT / ".chalice/deployments").glob("managed-layer-*.zip"):
        if layer.stat().st_mtime < CONSTRAINTS.stat().st_mtime:
            layer.unlink()


def _generated(factory: CLIFactory, config: Config) -> Template:
    """The same template from the same builders, without its archives."""
    osutils = OSUtils()
    steps: list[BaseDeployStep] = [
        InjectDefaults(),
        _Unbuilt(),
        PolicyGenerator(AppPolicyGenerator(osutils), osutils),
        SwaggerBuilder(CFNSwaggerGenerator()),
    ]
    builder = chalice_package.ResourceBuilder(
        ApplicationGraphBuilder(), DependencyBuilder(), BuildStage(steps)
    )
    resources = builder.construct_resources(config, config.chalice_stage)
    generator = chalice_package.SAMTemplateGenerator(config, factory.create_package_options())
    template: Template = generator.generate(resources)
    merge = chalice_package.TemplateMergePostProcessor(
        osutils,
        chalice_package.TemplateDeepMerger(),
        chalice_package.YAMLTemplateSerializer(),
        str(RESOURCES),
    )
    merge.process(template, config, "", config.chalice_stage)
    return template


class _Unbuilt(BaseDeployStep):
    """Chalice's step that builds the archives, without building them."""

    def handle_lambdafunction(self, _: Config, resource: models.LambdaFunction) -> None:
        resource.deployment_package.filename = CODE

    def handle_lambdalayer(self, _: Config, resource: models.LambdaLayer) -> None:
        resource.deployment_package.filename = LAYER


class _Plain(yaml.CSafeDumper):
    """YAML without aliases, which CloudFormation does not read."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _text(template: Template) -> str:
    # Through JSON, so that only JSON's types get in.
    plain = json.loads(json.dumps(template))
    return yaml.dump(plain, Dumper=_Plain, allow_unicode=True, width=100)
