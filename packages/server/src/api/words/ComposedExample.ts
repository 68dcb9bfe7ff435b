/**
 * An example of what is made of members: put together of theirs. So no example is written twice, and none can differ from
 * those of its parts.
 */
import { Predicate } from "effect"

type Json = Readonly<Record<string, unknown>>

/** Undefined where a part has none. A component is looked up by its name; none holds itself. */
export const composedExample = (schema: unknown, components: Json): unknown => {
  if (!Predicate.isObject(schema)) return undefined
  const { $ref, enum: values, examples, items, properties } = schema
  if (Array.isArray(examples)) return examples[0]
  if (typeof $ref === "string") return composedExample(components[$ref.split("/").at(-1) ?? ""], components)
  if (Array.isArray(values)) return values[0]
  if (items !== undefined) {
    const item = composedExample(items, components)
    return item === undefined ? undefined : [item]
  }
  if (!Predicate.isObject(properties)) return undefined
  const members = Object.entries(properties).map(
    ([name, member]) => [name, composedExample(member, components)] as const
  )
  return members.some(([, example]) => example === undefined) ? undefined : Object.fromEntries(members)
}
