/** HTML bodies: which part of them is a link that somebody could follow or read. */
import { assert, describe, it } from "@effect/vitest"
import { findMeetingLink, looksLikeHtml } from "../../src/links/index.ts"
import { html } from "./Fields.ts"

const url = "https://zoom.us/j/81234567890?pwd=a.1&from=addon"
const escaped = url.replaceAll("&", "&amp;")
const other = "https://zoom.us/j/89999999999"

const inHtml = (content: string): string | null => findMeetingLink(html(content))?.url ?? null

describe("what is read", () => {
  it.each([
    ["double quotes", `<a href="${escaped}">x</a>`],
    ["single quotes", `<a href='${escaped}'>x</a>`],
    ["no quotes", `<a href=${escaped}>x</a>`],
    ["upper case", `<A HREF="${escaped}">x</A>`],
    ["space around =", `<a href\n=\t"${escaped}">x</a>`],
    ["other attributes first", `<a title="a > b" data-x='>' checked class=y href="${escaped}">x</a>`],
    ["a slash before attributes", `<a/href="${escaped}">x</a>`],
    ["an image map", `<map><area shape="rect" href="${escaped}"></map>`],
    ["line breaks and spaces inside", `<a href="  https://zoom.us/j/81234\r\n\t567890?pwd=a.1&amp;from=addon\n">x</a>`],
    [
      "numeric references",
      `<a href="https:&#x2F;&#47;zoom.us&#x2f;j/81234567890?pwd&#61;a.1&#38from&#x3D;addon">x</a>`
    ],
    [
      "named references",
      `<a href="https&colon;&sol;&sol;zoom&period;us/j/81234567890&quest;pwd&equals;a.1&amp;from=addon">x</a>`
    ],
    ["line breaks inside the host", `<a href="https://zo\n\tom.us/j/81234567890?pwd=a.1&amp;from=addon">x</a>`],
    ["double escapes", `<a href="${escaped.replaceAll("&amp;", "&amp;amp;")}">x</a>`],
    ["the first of two href", `<a href="${escaped}" href="${other}">x</a>`],
    ["text whose slashes are all references", `<p>${escaped.replaceAll("/", "&#47;")}</p>`],
    [
      "text beside references to no character",
      `<p>&#0;&#x110000;&#xD800;&#99999999999999999999;&unknown; ${escaped}</p>`
    ],
    ["text", `<p>Join: ${escaped}</p>`],
    ["text with references", `<p>&#x68;ttps&#58;//zoom.us/j/81234567890?pwd=a.1&#0038;from=addon</p>`],
    [
      "text broken by inline elements",
      `<p>https://<b>zoom.us</b>/j/812<wbr>345<span class="x">67890?pwd=a.1&amp;</span>from=addon</p>`
    ],
    ["text in raw angle brackets", `<p>Join <${escaped}></p>`],
    ["text before any tag", `${escaped}<br>`],
    ["text after a lone <", `<p>1 < 2 <3 ${escaped}</p>`],
    ["text after a foreign link's target", `<a href="https://evil.example/x">${escaped}</a>`],
    ["a target whose text is foreign", `<a href="${escaped}">https://evil.example/</a>`],
    ["after comments", `<!-- ${other} --><p>${escaped}</p>`],
    ["after an empty comment", `<!--><p>${escaped}</p>-->`],
    ["after another empty comment", `<!---><p>${escaped}</p>-->`],
    ["after a declaration", `<!DOCTYPE html><?xml x?><![if !mso]></ ${other}><p>${escaped}</p>`],
    ["after scripts and styles", `<script>"<!--${other}"</script><style>/*</b>${other}*/</STYLE ><p>${escaped}</p>`],
    [
      "after templates in templates",
      `<template><template></template><a href="${other}">x</a>${other}</template><p>${escaped}</p>`
    ],
    ["after a stray end of a template", `</template><p>${escaped}</p>`],
    ["without an end", `<p>${escaped}`]
  ])("%s", (_name, content) => {
    assert.strictEqual(inHtml(content), url)
  })
})

describe("what is not read", () => {
  it.each([
    ["comments", `<!-- ${other} -->`],
    ["conditional comments", `<!--[if mso]><a href="${other}">x</a><![endif]-->`],
    ["an unclosed comment", `<!-- <a href="${other}">x</a>`],
    ["scripts", `<script>location="${other}"</script>`],
    ["an unclosed script", `<script></scripty><a href="${other}">x</a>`],
    ["styles", `<style>a{background:url(${other})}</style>`],
    ["titles", `<title>${other}</title>`],
    ["templates", `<template>${other}</template>`],
    ["noscript", `<noscript>${other}</noscript>`],
    ["other attributes", `<a title="${other}" data-href="${other}" originalsrc="${other}" xhref="${other}">x</a>`],
    ["other elements", `<img src="${other}"><form action="${other}"><link href="${other}"><base href="${other}">`],
    ["end tags", `</a href="${other}">`],
    ["an unclosed tag", `<p>x</p><a href="${other}"`],
    ["an unclosed quote", `<a href="${other}>x</a>`],
    ["a second href", `<a href="https://evil.example" href="${other}">x</a>`],
    ["other schemes", `<a href="javascript:${other}">x</a><a href="mailto:a@zoom.us?body=${other}">x</a>`],
    ["relative targets", `<a href="//zoom.us/j/89999999999">x</a><a href="zoom.us/j/89999999999">x</a>`],
    ["text across separators", "<p>https://zoom.us/j/<br>89999999999 https://zoom.us/j/<i>12</i></p><td>3456789</td>"],
    ["a no-break space inside", "<p>https://zoom.us/j/&nbsp;89999999999</p>"]
  ])("%s", (_name, content) => {
    assert.isNull(inHtml(content))
  })
})

describe("the order", () => {
  it("is the document's, a link's target before its text", () => {
    assert.strictEqual(inHtml(`<p>${other}</p><a href="${escaped}">x</a>`), other)
    assert.strictEqual(inHtml(`<a href="${escaped}">${other}</a>`), url)
    assert.strictEqual(inHtml(`${other}<a href="${escaped}">x</a>`), other)
  })
})

describe("whether a text looks like HTML", () => {
  it("is told by a tag's beginning, never by an angle bracket alone", () => {
    for (const text of ["<p>x", "<!-- x -->", "</P>", "1 < 2 <b>"]) assert.isTrue(looksLikeHtml(text), text)
    for (const text of ["1 < 2", "<3", "a <- b", "", "&lt;p&gt;"]) assert.isFalse(looksLikeHtml(text), text)
  })
})
