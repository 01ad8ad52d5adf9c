// Leave at once, read and write in place, cover what is hidden. Inlined in every visitor
// page; no history API, no storage, no cookie. ES2017; without it plain links take over.
(() => {
  'use strict'
  const doc = document, root = doc.documentElement, title = doc.title
  const one = (what, at = doc) => at.querySelector(what)
  const main = () => one('main'), words = () => doc.body.dataset
  const copies = nodes => [...nodes].map(node => node.cloneNode(true))
  const make = (tag, kind, text) => {
    const made = doc.createElement(tag)
    made.className = kind
    made.textContent = text
    return made
  }
  const say = text => { one('.say').textContent = text }
  const header = { 'Stilla-Fetch': '1' }
  const IDLE = 3e5, KEEP = 18e5

  // A view: u address, c main's class, n nodes, y scroll, f focus, l language,
  // d direction, o whether it holds a form.
  let view, stack = [], home = [], busy, covered, pressed, watcher, idle, forget
  let target, exit, shifts = []
  // Forms that she went back from, by address, with what she typed.
  const kept = new Map(), handles = new Set()

  const learn = (url, at = doc) => {
    const spent = /\/p\/([^/?#]+)/.exec(url), link = one('.leave')
    if (spent) handles.add(spent[1])
    at.querySelectorAll('input[name=handle]').forEach(field => handles.add(field.value))
    if (link) { target = link.dataset.target; exit = link.href }
  }

  const leave = () => {
    learn(location.href)
    root.textContent = ''
    // Without a title the tab would show the site's address while the target loads.
    root.append(make('head', '', ''))
    doc.title = title
    try {
      if (handles.size) fetch(exit, {
        method: 'POST', keepalive: true, headers: header,
        body: new URLSearchParams({ handles: [...handles].join(' ') })
      }).catch(() => {})
    } catch (_) { /* leaving comes first */ }
    try { top.location.replace(target) } catch (_) { location.replace(target) }
  }

  const start = () => {
    if (view || !main()) return
    learn(location.href)
    view = { u: location.href, c: main().className, l: root.lang, d: root.dir }
    if (view.c == 'home') home = copies(main().childNodes)
  }
  const stow = focus => {
    if (covered) return
    view.n = [...main().childNodes]
    view.o = one('main form')
    view.y = scrollY
    view.f = main().contains(focus) && focus
  }
  // The phone's own back gesture and Esc do what Back on the page does.
  const watch = () => {
    const wanted = stack.length && !covered && self.CloseWatcher
    if (watcher && !wanted) watcher = watcher.destroy()
    if (watcher || !wanted) return
    watcher = new CloseWatcher()
    watcher.onclose = () => { watcher = 0; back() }
  }
  const put = next => {
    view = next
    watch()
    if (covered) return
    const place = main()
    root.lang = view.l
    root.dir = view.d
    place.className = view.c
    place.textContent = ''
    place.append(...view.n)
    let spot = view.f
    if (!spot) {
      spot = one('.errors', place) || one('h1', place) || place
      spot.tabIndex = -1
    }
    spot.focus({ preventScroll: true })
    scrollTo(0, view.y || 0)
  }
  const open = next => {
    stow(pressed)
    stack.push(view)
    if (next.c == 'home') next.n = landing()
    put(next)
  }
  const back = () => {
    cancel()
    say('')
    stow(pressed)
    if (view.o && !/\/p\//.test(view.u)) kept.set(view.u, view)
    put(stack.pop())
  }
  const part = kind => ({ c: kind, n: [], l: root.lang, d: root.dir })
  const landing = () => [
    ...stack.length ? [make('button', 'row back', words().resume)] : [], ...copies(home)
  ]

  const cancel = () => { if (busy && !busy.post) busy.stop() }
  const ask = (url, post, done) => {
    if (busy && busy.post) return
    cancel()
    say('')
    const abort = self.AbortController ? new AbortController() : { abort() {} }
    const mine = busy = { post, stop() { busy = 0; abort.abort() } }
    const slow = setTimeout(() => say(words().wait), 1e3)
    const late = setTimeout(() => abort.abort(), 45e3)
    fetch(url, {
      method: post ? 'POST' : 'GET', body: post || null, headers: header, cache: 'no-store',
      signal: abort.signal
    }).then(answer => answer.text().then(html => {
      const page = new DOMParser().parseFromString(html, 'text/html')
      if (busy != mine) return
      const next = adopt(page, one('main', page), answer.url)
      say('')
      done(next, answer.ok)
    })).catch(() => {
      if (busy == mine) say(post ? words().unsent : words().offline)
    }).then(() => {
      clearTimeout(slow)
      clearTimeout(late)
      if (busy == mine) busy = 0
    })
  }
  // Throws where the answer is not a page of ours: a hotel's sign-in, a proxy's error.
  const adopt = (page, found, url) => {
    const to = page.documentElement
    const next = { u: url, c: found.className, l: to.lang, d: to.dir }
    next.o = one('form', found)
    next.n = [...found.childNodes]
    learn(url, page)
    if (next.c == 'home') home = copies(next.n)
    if (to.lang != root.lang) {
      for (const said of [...page.body.attributes])
        doc.body.setAttribute(said.name, said.value)
      for (const same of ['.leave', 'header']) one(same).replaceWith(one(same, page))
    }
    return next
  }

  const section = from => {
    const next = part('')
    next.n = [
      make('button', 'back', words().back), make('h1', '', from.dataset.title),
      ...copies(from.lastElementChild.childNodes)
    ]
    open(next)
  }
  const visit = link => {
    const was = kept.get(link.href)
    if (link.pathname == words().home && stack.length && stack[0].c == 'home') {
      while (stack.length) back()
    } else if (was) {
      kept.delete(link.href)
      was.f = was.y = 0
      open(was)
    } else ask(link.href, 0, next => {
      if (!link.hreflang) return open(next)
      next.n = landing()
      put(next)
    })
  }
  const send = (form, body) => {
    const from = view
    ask(form.getAttribute('action') || from.u, body, (next, ok) => {
      if (ok) {
        kept.delete(from.u)
        stack = next.c == 'home' ? [] : stack.filter(one => one != from)
      }
      // An error page without a form comes on top: Back leads to her text.
      if (view == from && (ok || next.o)) put(next)
      else open(next)
    })
  }

  const wipe = () => {
    kept.clear()
    stack = []
    view = part('home')
    view.n = landing()
  }
  const cover = () => {
    start()
    if (covered || !view) return
    stow(doc.activeElement)
    covered = Date.now()
    watch()
    const show = make('button', 'show', words().show)
    doc.body.className = main().className = 'cover'
    main().textContent = ''
    main().append(show)
    show.focus()
    say(words().covered)
    forget = setTimeout(wipe, KEEP)
  }
  const uncover = () => {
    clearTimeout(forget)
    if (Date.now() - covered > KEEP) wipe()
    if (view.c != 'home') open(part('home'))
    covered = 0
    doc.body.className = ''
    say('')
    put(view)
    if (!home.length) ask(words().home, 0, next => {
      if (view.c == 'home') main().append(...next.n)
    })
  }
  const rest = () => {
    clearTimeout(idle)
    idle = setTimeout(cover, IDLE)
  }

  addEventListener('keydown', event => {
    // Typing in a field never counts: phones' own keyboards press Shift by themselves.
    if (event.repeat) return
    const typing = event.key != 'Shift' || event.target.matches('textarea,[type=text]')
    shifts = typing ? [] : [...shifts, event.timeStamp].slice(-3)
    if (shifts[2] - shifts[0] < 2e3) leave()
  }, true)
  doc.addEventListener('click', event => {
    const on = event.target.closest('a,summary,button')
    if (!on) return
    let act
    if (on.matches('.leave')) act = leave
    else if (event.button || event.ctrlKey || event.metaKey || event.shiftKey ||
      event.altKey || doc.readyState == 'loading') return
    else if (on.matches('.show')) act = uncover
    else if (on.matches('.back') && stack.length) act = back
    else if (on.matches('.page>summary')) act = section
    else if (on.origin == location.origin) act = visit
    start()
    pressed = on
    if (!act) return
    event.preventDefault()
    act(act == section ? on.parentNode : on)
  })
  doc.addEventListener('submit', event => {
    const form = event.target, by = event.submitter || pressed
    if (form.method != 'post') return
    const body = new URLSearchParams(new FormData(form))
    if (by && by.name && by.form == form) body.append(by.name, by.value)
    event.preventDefault()
    start()
    send(form, body)
  })
  doc.addEventListener('visibilitychange', () => { if (doc.hidden) cover() })
  doc.addEventListener('DOMContentLoaded', () => { start(); rest() })
  for (const sign of ['pointerdown', 'touchstart', 'keydown', 'scroll'])
    addEventListener(sign, rest, true)
  addEventListener('pagehide', () => { learn(location.href); root.textContent = '' })
  addEventListener('pageshow', event => { if (event.persisted) leave() })

  // Where a keyboard covers the bottom edge, Leave stands on top of it.
  const seen = self.visualViewport, lift = () => root.style.setProperty('--keyboard',
    seen.scale > 1 ? '0px' : innerHeight - seen.height - seen.offsetTop + 'px')
  if (seen) for (const sign of ['resize', 'scroll']) seen.addEventListener(sign, lift)
  root.classList.add('js')
})()
