import type { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

type EngineOptions = Parameters<NodeFS["init"]>[1];

/** What this file needs of the engine's file system, which is Emscripten's NODEFS. */
interface FileOperations {
  mknod(parent: unknown, name: string, mode: number, device: number): unknown;
  setattr(node: unknown, attributes: { readonly mode?: number }): void;
}

/** Permission bits of the group and of everybody else. */
const OTHERS = 0o077;

/**
 * The engine's files in a folder, for their owner alone. By itself the engine gives everybody the right
 * to read and write them, and the process's umask does not count: Node's functions, as Deno has them,
 * set the mode they are given once more after they made the file.
 */
export class PrivateFiles extends NodeFS {
  override async init(engine: PGlite, options: EngineOptions) {
    const { emscriptenOpts } = await super.init(engine, options);
    const keepPrivate = (module: { FS: unknown }): void => {
      const { node_ops } =
        (module.FS as { filesystems: { NODEFS: { node_ops: FileOperations } } }).filesystems.NODEFS;
      const { mknod, setattr } = node_ops;
      node_ops.mknod = (parent, name, mode, device) => mknod(parent, name, mode & ~OTHERS, device);
      node_ops.setattr = (node, { mode, ...rest }) =>
        setattr(node, mode === undefined ? rest : { ...rest, mode: mode & ~OTHERS });
    };
    return {
      emscriptenOpts: { ...emscriptenOpts, preRun: [...emscriptenOpts.preRun ?? [], keepPrivate] },
    };
  }
}
