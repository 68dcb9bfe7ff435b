/**
 * Ties a schema to the interface it describes.
 *
 * Decides nothing at run time: the domain's interfaces come first, and a schema that says more, less or otherwise than
 * its interface does not compile.
 */
import type { Schema } from "effect"

/** Whether two types are one and the same, optional members included. */
type IsSame<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** `describing<Interface>()(schema)` is the schema. */
export const describing =
  <Interface>() =>
  <S extends Schema.Constraint>(schema: IsSame<S["Type"], Interface> extends true ? S : never): S =>
    schema
