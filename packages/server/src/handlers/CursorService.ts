/**
 * Cursors as a service, so that handlers take them when their group is built.
 */
import { Context, Layer } from "effect"
import type { Signing } from "../auth/Signing.ts"
import { type Cursors as CursorsShape, makeCursors } from "./Cursor.ts"

export class Cursors extends Context.Service<Cursors, CursorsShape>()("@punctual/server/handlers/Cursors") {
  static readonly layer = (signing: Signing): Layer.Layer<Cursors> => Layer.succeed(Cursors, makeCursors(signing))
}
