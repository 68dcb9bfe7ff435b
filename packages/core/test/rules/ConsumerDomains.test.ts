/** Domains at which anybody has an address. */
import { assert, describe, it } from "@effect/vitest"
import { isConsumerDomain } from "../../src/rules/ConsumerDomains.ts"

/** Written down a second time: a slip in the table must not hide behind itself. */
const listed = (
  "msn.com passport.com gmail.com googlemail.com icloud.com me.com mac.com aol.com aim.com gmx.net gmx.de gmx.at gmx.ch " +
  "gmx.com web.de t-online.de freenet.de mail.com proton.me protonmail.com pm.me fastmail.com hey.com tutanota.com " +
  "tuta.com zoho.com yandex.ru yandex.com mail.ru qq.com 163.com 126.com naver.com orange.fr wanadoo.fr free.fr " +
  "laposte.net libero.it btinternet.com comcast.net verizon.net att.net uol.com.br bol.com.br"
).split(" ")

describe("consumer domains", () => {
  it.each(listed)("%s is one, and what is below it, and nothing that only looks like it", (domain) => {
    assert.isTrue(isConsumerDomain(domain))
    assert.isTrue(isConsumerDomain(`mail.${domain}`))
    assert.isFalse(isConsumerDomain(`not${domain}`))
    assert.isFalse(isConsumerDomain(`${domain}.acme.example`))
  })

  it.each(["outlook", "hotmail", "live", "yahoo", "ymail"])("%s is one under any public suffix", (name) => {
    for (const suffix of ["com", "de", "fr", "co.uk", "co.jp", "com.br", "com.au", "com.mx"]) {
      assert.isTrue(isConsumerDomain(`${name}.${suffix}`), suffix)
      assert.isTrue(isConsumerDomain(`eu.${name}.${suffix}`), suffix)
    }
    for (const domain of [name, `${name}.acme.example`, `${name}.acme.de`, `my-${name}.com`, `${name}.`]) {
      assert.isFalse(isConsumerDomain(domain), domain)
    }
  })

  it("are no companies' domains", () => {
    for (const domain of ["acme.example", "microsoft.com", "google.com", "apple.com", "com", ""]) {
      assert.isFalse(isConsumerDomain(domain), domain)
    }
  })
})
