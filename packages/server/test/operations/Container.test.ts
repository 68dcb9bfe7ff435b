/**
 * Dockerfile and compose.yaml, as far as they can be judged without an engine: well-formed, naming what there is, and
 * with a configuration that the server takes.
 */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { validate } from "dockerfile-utils"
import { Effect, Option } from "effect"
import { parse as parseYaml } from "yaml"
import { parse } from "../../src/config/Config.ts"

const root = join(import.meta.dirname, "../../../..")
const read = (name: string): string => readFileSync(join(root, name), "utf8")

const dockerfile = read("Dockerfile")
const ignored = read(".dockerignore").split("\n")

interface Service {
  readonly image?: string
  readonly build?: string
  readonly env_file?: string
  readonly environment: Readonly<Record<string, string>>
  readonly deploy?: { readonly replicas: number }
  readonly ports?: ReadonlyArray<string>
  readonly stop_grace_period?: string
}

const compose = parseYaml(read("compose.yaml")) as { readonly services: Readonly<Record<string, Service>> }
const server = compose.services["server"] ?? assert.fail("no server")

/** `${NAME}`, `${NAME:-}` and `${NAME:?why}`, as compose reads them; a required one that is missing throws. */
const interpolated = (text: string, given: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind: string | undefined, rest: string) => {
    const value = given[name] ?? ""
    if (value !== "") return value
    if (kind === "?") throw new Error(`${name}: ${rest}`)
    return kind === "-" ? rest : ""
  })

describe("the Dockerfile", () => {
  it("has no mistake that its language server knows", () => {
    assert.deepStrictEqual(
      validate(dockerfile).map(({ message, range }) => `${range.start.line + 1}: ${message}`),
      []
    )
    assert.isNotEmpty(validate(dockerfile.replace("WORKDIR /app", "WORKDR /app")), "a check that can't fail is none")
  })

  it("runs the Node.js that everything else runs on, and a file that is there, as nobody in particular", () => {
    const { devDependencies } = JSON.parse(read("package.json")) as { readonly devDependencies: Record<string, string> }
    const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)
    assert.deepStrictEqual([...new Set(images)], [`node:${devDependencies["node"]}-bookworm-slim`])
    const command = JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? "[]") as ReadonlyArray<string>
    assert.strictEqual(command[0], "node")
    assert.isTrue(existsSync(join(root, command[1] ?? "")))
    assert.match(dockerfile, /^USER node$/m)
  })

  it("O: installs in a layer that a change of sources leaves as it is", () => {
    const lines = dockerfile.split("\n")
    const install = lines.findIndex((line) => line.startsWith("RUN npx"))
    const sources = lines.indexOf("COPY . .")
    assert.isAbove(install, 0)
    assert.isAbove(sources, install)
    const before = lines.slice(0, install).join("\n")
    for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) assert.include(before, file)
    const { dependencies } = JSON.parse(read("packages/server/package.json")) as {
      dependencies: Record<string, string>
    }
    const ours = Object.keys(dependencies).filter((name) => dependencies[name] === "workspace:*")
    for (const name of [...ours, "@punctual/server"]) {
      assert.include(before, `COPY packages/${name.slice("@punctual/".length)}/package.json`)
    }
  })

  it("O: has no engine of the tests, and the command line on the path", () => {
    assert.match(dockerfile, /^RUN npx .*--prod --no-optional /m)
    const { optionalDependencies } = JSON.parse(read("package.json")) as {
      optionalDependencies: Record<string, string>
    }
    assert.deepStrictEqual(Object.keys(optionalDependencies), ["@dynoxide/linux-x64"], "nothing optional is needed")
    const target = /exec node \/app\/(\S+)/.exec(dockerfile)?.[1] ?? ""
    assert.isTrue(existsSync(join(root, target)), target)
    assert.include(dockerfile, "> /usr/local/bin/punctual")
  })

  it("takes no secret, no data and no test along", () => {
    for (const name of [".git", ".env", "**/.env", "**/.punctual", "**/node_modules", "**/test"]) {
      assert.include(ignored, name)
    }
  })
})

describe("compose.yaml", () => {
  const given = {
    POSTGRES_PASSWORD: "letters0and9digits",
    PUNCTUAL_MASTER_KEY: Buffer.alloc(32, 7).toString("base64")
  }
  const environment = (more: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries([
      ...Object.entries(more),
      ...Object.entries(server.environment).map(([name, text]) => [name, interpolated(text, { ...given, ...more })])
    ])

  it("O: passes .env to the server whole", () => {
    assert.strictEqual(server.env_file, ".env")
    // What stands beside it would win over what the file says.
    assert.deepStrictEqual(Object.keys(server.environment).toSorted(), [
      "DATABASE_URL",
      "PUNCTUAL_HOST",
      "PUNCTUAL_MASTER_KEY",
      "PUNCTUAL_PORT"
    ])
  })

  it.effect("gives the server a configuration that it takes, with as little as must be said", () =>
    Effect.gen(function* () {
      const config = yield* parse(environment())
      assert.isTrue(Option.isSome(config.databaseUrl))
      assert.isTrue(Option.isSome(config.masterKey))
      assert.strictEqual(config.launcher.kind, "none")
      const full = yield* parse(
        environment({
          PUNCTUAL_PUBLIC_URL: "https://punctual.example.com",
          PUNCTUAL_LAUNCHER: "recall",
          PUNCTUAL_LAUNCHER_SECRET: "key"
        })
      )
      assert.strictEqual(full.launcher.kind, "recall")
    })
  )

  it("does not start without what would be lost or open: a master key and a password", () => {
    for (const name of ["PUNCTUAL_MASTER_KEY", "POSTGRES_PASSWORD"] as const) {
      const all = Object.values(compose.services).flatMap((each) => Object.values(each.environment))
      const without = { ...given, [name]: "" }
      assert.throws(() => all.map((text) => interpolated(text, without)), name)
    }
  })

  it("runs two servers on a port each, over PostgreSQL 18, and lets them finish", () => {
    assert.strictEqual(server.deploy?.replicas, 2)
    assert.deepStrictEqual(server.ports, ["8080-8081:8080"])
    assert.strictEqual(compose.services["database"]?.image, "postgres:18")
    assert.strictEqual(server.build, ".")
    // More than the drain of eight seconds that main.ts gives requests.
    assert.isAtLeast(Number.parseInt(server.stop_grace_period ?? "", 10), 10)
  })
})
