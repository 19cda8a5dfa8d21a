/**
 * Prints what a program may reach with the settings it is given, as flags for `deno run`: the tasks of
 * `deno.json` start each with them. The argument `demo` asks for those of the demo.
 */
import { readEnvironment } from "../config.ts";
import { writeLine } from "./exit_on_error.ts";
import { permissionFlags } from "./permission_flags.ts";

const program = Deno.args[0] === "demo" ? "demo" : "service";
writeLine(permissionFlags(program, readEnvironment()).join(" "));
