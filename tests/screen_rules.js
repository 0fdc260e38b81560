// What a screen is looked at for, in the browser itself. Each rule returns what breaks it, in words; nothing is good.
(() => {
  const MARKED = '.dvk-scroll, [class*="st-key-chart_rong_"]' // boxes that are meant to scroll sideways
  const shown = element => {
    const box = element.getBoundingClientRect()
    return box.width > 1 && box.height > 1 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  }
  const told = element => {
    const kind = element.className.baseVal ?? element.className
    return `${element.tagName.toLowerCase()}.${kind} “${element.textContent.trim()}”`.slice(0, 150)
  }
  const within = (inner, outer) =>
    inner.left >= outer.left - 2 && inner.right <= outer.right + 2 && inner.top >= outer.top - 2 && inner.bottom <= outer.bottom + 2
  // The watermark across charts and slides; the banner above them says the same in full contrast.
  const is_decoration = element => element.textContent === 'DỮ LIỆU MÔ PHỎNG' && element.closest('svg, .dvk-slide-across')

  const texts = () => {
    const walker = document.createTreeWalker(document.getElementById('root'), NodeFilter.SHOW_TEXT)
    const found = []
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement
      if (!walker.currentNode.data.trim() || ['SCRIPT', 'STYLE'].includes(element.tagName)) continue
      if (shown(element) && parseFloat(getComputedStyle(element).fontSize) > 0) found.push([walker.currentNode, element])
    }
    return found
  }

  const sideways = () => {
    const found = document.documentElement.scrollWidth > innerWidth ? [`the page: ${document.documentElement.scrollWidth}`] : []
    for (const element of document.body.querySelectorAll('*')) {
      if (!shown(element) || element.closest('svg') || element.closest(MARKED)) continue
      const style = getComputedStyle(element)
      const is_cut = element.clientWidth && element.scrollWidth > element.clientWidth + 1
      if (is_cut && style.display !== 'inline' && style.overflowX !== 'visible') found.push(`inside it: ${told(element)}`)
      if (element.getBoundingClientRect().right > innerWidth + 1) found.push(`beyond the edge: ${told(element)}`)
    }
    return found
  }

  const small = () => texts()
    .filter(([node, element]) => parseFloat(getComputedStyle(element).fontSize) * (element.getScreenCTM?.()?.a || 1) < 10)
    .filter(([node, element]) => !element.closest('[transform*="rotate"]'))
    .map(([node, element]) => told(element))

  const charts = () => {
    const found = []
    for (const chart of document.querySelectorAll('.js-plotly-plot')) {
      if (!shown(chart)) continue
      const drawn = [...chart.querySelectorAll('text')].filter(text => text.textContent.trim() && shown(text) && !is_decoration(text))
      const boxes = drawn.map(text => [text, text.getBoundingClientRect()])
      for (const [text, box] of boxes) if (!within(box, chart.getBoundingClientRect())) found.push(`cut: ${text.textContent}`)
      boxes.forEach(([text, box], place) => boxes.slice(place + 1).forEach(([other, beside]) => {
        const width = Math.min(box.right, beside.right) - Math.max(box.left, beside.left)
        const height = Math.min(box.bottom, beside.bottom) - Math.max(box.top, beside.top)
        if (width > 3 && height >= 10) found.push(`one on the other: ${text.textContent} | ${other.textContent}`)
      }))
    }
    return found
  }

  // --- contrast, as WCAG counts it

  const brush = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const known = new Map()
  const rgba = colour => {
    if (!known.has(colour)) {
      brush.clearRect(0, 0, 1, 1)
      brush.fillStyle = colour
      brush.fillRect(0, 0, 1, 1)
      const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data
      known.set(colour, [red, green, blue, alpha / 255])
    }
    return known.get(colour)
  }
  const faded = (colour, by) => [...rgba(colour).slice(0, 3), rgba(colour)[3] * by]
  const over = (top, ground) => {
    const alpha = top[3] + ground[3] * (1 - top[3])
    return alpha ? [0, 1, 2].map(i => (top[i] * top[3] + ground[i] * ground[3] * (1 - top[3])) / alpha).concat(alpha) : ground
  }
  const luminance = colour => {
    const [red, green, blue] = colour.map(v => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const ratio = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
    return (light + 0.05) / (dark + 0.05)
  }
  const holds = (element, x, y) => {
    const box = element.getBoundingClientRect()
    return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom
  }
  const ground = (element, x, y) => {
    const layers = []
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at)
      if (style.overflow === 'visible' && !holds(at, x, y)) continue // what scrolls comes to lie on its scroller
      const colour = rgba(style.backgroundColor)
      layers.unshift(colour)
      if (colour[3] === 1) break
    }
    return layers.reduce((under, top) => over(top, under), [255, 255, 255, 1])
  }
  const opacity = element => (element ? parseFloat(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1)
  // What lies under a text of a chart: its bars and areas, in the order in which they are painted.
  const under = (element, x, y) => {
    const chart = element.closest('.js-plotly-plot')
    let found = ground((chart ?? element.closest('svg')).parentElement, x, y)
    for (const shape of chart?.querySelectorAll('path, rect') ?? []) {
      const style = getComputedStyle(shape)
      const comes_later = shape.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING
      if (comes_later || shape.closest('clipPath, defs') || !style.fill.startsWith('rgb') || !holds(shape, x, y)) continue
      const matrix = shape.getScreenCTM()
      if (!matrix || !shape.isPointInFill(new DOMPoint(x, y).matrixTransform(matrix.inverse()))) continue
      found = over(faded(style.fill, parseFloat(style.fillOpacity) * parseFloat(style.opacity)), found)
    }
    return found
  }

  const contrast = () => {
    const found = new Set()
    for (const [node, element] of texts()) {
      if (element.closest(':disabled, [aria-disabled=true]') || is_decoration(element)) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const box = range.getBoundingClientRect()
      const x = box.left + box.width / 2
      const y = box.top + box.height / 2
      const style = getComputedStyle(element)
      const in_chart = element.closest('svg')
      const back = in_chart ? under(element, x, y) : ground(element, x, y)
      const ink = faded(in_chart ? style.fill : style.color, opacity(element) * (in_chart ? parseFloat(style.fillOpacity) : 1))
      const size = parseFloat(style.fontSize)
      const least = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700) ? 3 : 4.5
      const got = ratio(over(ink, back), back)
      if (got < least - 0.005) found.add(`${got.toFixed(2)} ${told(element)}`)
    }
    return [...found]
  }

  // --- the keyboard

  const look = element => {
    const style = getComputedStyle(element)
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor,
      style.textDecorationLine, style.textDecorationStyle, style.color].join()
  }
  const around = element => [element, element.parentElement, element.parentElement?.parentElement, element.nextElementSibling]
    .filter(Boolean)
  const reached = []
  const note_focus = () => {
    const element = document.activeElement
    if (element === document.body || reached.some(([other]) => other === element)) return false
    reached.push([element, around(element).map(look).join(';')])
    return true
  }
  // A group is one stop of Tab; arrows lead through it.
  const in_group = () => document.activeElement.matches('[role=radiogroup] button, [role=toolbar] button')
  const unseen = () => reached
    .filter(([element, then]) => element.isConnected && element !== document.activeElement && around(element).map(look).join(';') === then)
    .map(([element]) => told(element))
  const unreached = () => [...document.querySelectorAll('a[href], button, input, summary, textarea')]
    .filter(element => shown(element) && element.tabIndex >= 0 && !element.disabled && element.type !== 'radio' && !element.closest('.modebar'))
    .filter(element => !reached.some(([other]) => other === element))
    .map(told)

  // --- the words

  // What a table holds are names and quotations; an icon is written as its name and drawn by its font.
  const words = () => texts().filter(([node, element]) => !element.closest('td, [data-testid=stIconMaterial]')).map(([node]) => node.data)
  const hints = () => [...document.querySelectorAll('#root [title], #root [placeholder], #root [alt]')]
    .flatMap(element => [element.title, element.getAttribute('placeholder'), element.getAttribute('alt')])
    .filter(text => typeof text === 'string' && text)
  const headings = () => ({
    first: [...document.querySelectorAll('h1')].filter(shown).map(element => element.innerText),
    messages: [...document.querySelectorAll('.dvk-exhibit h2')].filter(shown).map(element => element.innerText),
    title: document.title,
    language: document.documentElement.lang,
  })
  const pictures = () => [...document.querySelectorAll('#root img, #root [role=img]')]
    .filter(picture => shown(picture) && !picture.getAttribute('aria-label') && !picture.getAttribute('alt'))
    .map(told)
  const charts_fit = () => [...document.querySelectorAll('.js-plotly-plot')]
    .every(chart => Math.abs(chart.clientWidth - (chart.querySelector('.main-svg')?.clientWidth ?? 0)) < 2)
  const charts_shown = () => [...document.querySelectorAll('.js-plotly-plot')].filter(shown).length

  window.screen_rules = { sideways, small, charts, contrast, note_focus, in_group, unseen, unreached, words, hints, headings, pictures, charts_fit, charts_shown }
})()
