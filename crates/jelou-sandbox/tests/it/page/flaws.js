// Text with too little contrast (WCAG 2.2 AA), elements wider than the window, and controls without an accessible name.
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const colour = (text) => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = text;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
};
const over = (top, under) => [0, 1, 2].map((i) => (top[i] * top[3] + under[i] * (255 - top[3])) / 255).concat(255);
const ground = (element) => {
  const layers = [];
  for (let each = element; each; each = each.parentElement) layers.unshift(colour(getComputedStyle(each).backgroundColor));
  return layers.reduce((under, top) => over(top, under), [255, 255, 255, 255]);
};
const channel = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const luminance = ([red, green, blue]) =>
  0.2126 * channel(red / 255) + 0.7152 * channel(green / 255) + 0.0722 * channel(blue / 255);
const isShown = (element) => {
  const { width, height } = element.getBoundingClientRect();
  return width > 1 && height > 1 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
};

const faint = new Set();
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  const text = texts.currentNode.data.trim();
  if (!text || element.closest("option, noscript, .hidden") || !isShown(element)) continue;
  const style = getComputedStyle(element);
  const behind = ground(element);
  const [dark, bright] = [luminance(over(colour(style.color), behind)), luminance(behind)].sort((a, b) => a - b);
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
  const contrast = (bright + 0.05) / (dark + 0.05);
  if (contrast < (isLarge ? 3 : 4.5)) faint.add(`${contrast.toFixed(2)}: ${element.className || element.localName}: ${text.slice(0, 40)}`);
}

const width = document.documentElement.clientWidth;
const all = (selector) => [...document.querySelectorAll(selector)].filter(isShown);
const wide = all("body *")
  .filter((each) => each.getBoundingClientRect().right > width + 0.5 && !each.closest(".hidden"))
  .map((each) => `${each.localName}.${each.className}`);
if (document.documentElement.scrollWidth > width) wide.push("the page scrolls sideways");

const nameless = all("button, input, select, textarea, a")
  .filter((each) => {
    const labels = [...(each.labels ?? [])].map((label) => label.textContent);
    const own = each.matches("button, a") ? each.textContent : "";
    return ![each.ariaLabel, each.title, own, ...labels].some((name) => name?.trim());
  })
  .map((each) => each.outerHTML.slice(0, 100));

return { faint: [...faint], wide, nameless };
