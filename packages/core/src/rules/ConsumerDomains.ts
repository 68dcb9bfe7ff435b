/**
 * Domains at which anybody has an address: who shares one with the user is no colleague.
 *
 * Decides the one table of them, and which ends of a domain count as a public suffix below the names that exist under
 * many.
 */

/** Names that stand under any public suffix: `yahoo.co.jp`, `outlook.de`. */
const names = new Set(["outlook", "hotmail", "live", "yahoo", "ymail"])

const domains = new Set(
  (
    "msn.com passport.com gmail.com googlemail.com icloud.com me.com mac.com aol.com aim.com " +
    "gmx.net gmx.de gmx.at gmx.ch gmx.com web.de t-online.de freenet.de mail.com " +
    "proton.me protonmail.com pm.me fastmail.com hey.com tutanota.com tuta.com zoho.com " +
    "yandex.ru yandex.com mail.ru qq.com 163.com 126.com naver.com " +
    "orange.fr wanadoo.fr free.fr laposte.net libero.it btinternet.com " +
    "comcast.net verizon.net att.net uol.com.br bol.com.br"
  ).split(" ")
)

/** Whether a domain, in lower case, is one of the table or below one. */
export const isConsumerDomain = (domain: string): boolean => {
  const labels = domain.split(".")
  return labels.some(
    (label, index) =>
      domains.has(labels.slice(index).join(".")) || (names.has(label) && isPublicSuffix(labels.slice(index + 1)))
  )
}

/** A top-level domain, or what a country has in its place for companies and persons: `de`, `co.uk`, `com.br`. */
const isPublicSuffix = ([first = "", second, ...more]: ReadonlyArray<string>): boolean =>
  second === undefined ? first !== "" : more.length === 0 && second.length === 2 && secondLevels.has(first)

/** What countries call those second levels at which these names, or any like them, are registered. */
const secondLevels = new Set("co com net org ne or ac edu gov gob go web in id my me ltd plc nom info biz".split(" "))
