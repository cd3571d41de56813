// What check.py asks a page about itself. Runs in the page, and changes nothing in it.
() => {
  const parse = (text) => {
    const parts = text.match(/[\d.]+/g);
    if (!parts) throw new Error(`not a color: ${text}`);
    const [red, green, blue, alpha = 1] = parts.map(Number);
    return { red, green, blue, alpha };
  };
  // WCAG 2: relative luminance, and contrast.
  const luminance = ({ red, green, blue }) => {
    const [r, g, b] = [red, green, blue].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.alpha > 0) return color;
    }
    return { red: 255, green: 255, blue: 255, alpha: 1 };
  };

  // The text that is seen, with its contrast: the lowest of each kind of element.
  const texts = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || ["title", "desc"].includes(element.localName)) continue;
    const kind = `${element.localName}.${element.getAttribute("class") || element.parentElement.getAttribute("class") || ""}`;
    if (texts.has(kind)) continue;
    const style = getComputedStyle(element);
    const ink = parse(element.namespaceURI.endsWith("svg") ? style.fill : style.color);
    texts.set(kind, contrast(ink, ground(element)));
  }

  const width = document.documentElement.clientWidth;
  const wide = [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .map((element) => `${element.localName}.${element.getAttribute("class")}`);
  const lanes = [...document.querySelectorAll(".gantt ol > li")].map((lane) => ({
    name: lane.querySelector(".who b").textContent,
    title: lane.querySelector("svg > title")?.textContent ?? "",
    bars: [...lane.querySelectorAll("svg > rect")].map((bar) => {
      const { left, right, height } = bar.getBoundingClientRect();
      return { kind: bar.getAttribute("class"), left, right, height };
    }),
    mark: lane.querySelector("svg svg")?.getAttribute("class") ?? null,
  }));
  const probe = (kind) => {
    const element = document.querySelector(`.${kind}`);
    return element && luminance(parse(getComputedStyle(element).fill));
  };
  return {
    scrollWidth: document.documentElement.scrollWidth,
    width,
    wide: wide.slice(0, 5),
    contrasts: Object.fromEntries(texts),
    ground: luminance(parse(getComputedStyle(document.body).backgroundColor)),
    fills: { queue: probe("queue"), make: probe("make"), done: probe("done") },
    text: document.body.innerText,
    lanes,
    flows: document.querySelectorAll(".flow").length,
    headings: [...document.querySelectorAll("h1, h2, h3, h4")].map((it) => Number(it.localName[1])),
    unnamed: [...document.querySelectorAll("svg:not([aria-hidden='true'])")].filter(
      (svg) => !svg.parentElement.closest("svg") && !svg.querySelector(":scope > title")?.textContent,
    ).length,
    unscoped: document.querySelectorAll("th:not([scope])").length,
    unlabelled: [...document.querySelectorAll("[aria-labelledby]")].filter(
      (it) => !document.getElementById(it.getAttribute("aria-labelledby")),
    ).length,
    ids: [...document.querySelectorAll("[id]")].map((it) => it.id),
    foreign: document.querySelectorAll("script, img, iframe, object, embed, link, base, a[href], form").length,
    handlers: [...document.querySelectorAll("*")].flatMap((it) =>
      [...it.attributes].map((attribute) => attribute.name).filter((name) => name.startsWith("on")),
    ),
  };
}
