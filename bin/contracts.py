"""A contract for import-linter: only modules with certain names may import some libraries."""

from fnmatch import fnmatch

from importlinter import Contract, ContractCheck, fields, output


class KnownOnlyBy(Contract):
    """Modules of `libraries` are imported directly only by modules named like one of `modules`.

    With `except_modules`, by all modules except those named like one of them.
    """

    type_name = "known_only_by"

    libraries = fields.SetField(subfield=fields.StringField())
    modules = fields.SetField(subfield=fields.StringField(), required=False)
    except_modules = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph, verbose):  # noqa: ANN001, ANN201, ARG002 -- import-linter's signature
        """Find the modules that import a library and should not."""
        intruders = sorted(
            (importer, library)
            for library in self.libraries
            if library in graph.modules
            for importer in graph.find_modules_that_directly_import(library)
            if not self._may_know(importer)
        )
        return ContractCheck(kept=not intruders, metadata={"intruders": intruders})

    def render_broken_contract(self, check):  # noqa: ANN001, ANN201 -- import-linter's signature
        """Print the modules found."""
        for importer, library in check.metadata["intruders"]:
            output.print_error(f"{importer} knows {library}, which its name does not tell.")

    def _may_know(self, module: str) -> bool:
        if self.except_modules:
            return not _is_named(module, self.except_modules)
        return _is_named(module, self.modules)


def _is_named(module: str, names: set[str]) -> bool:
    return any(fnmatch(module, name) for name in names)
