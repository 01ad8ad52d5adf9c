// Leave at once, read and write in place, cover what is hidden. Inlined in every visitor
// page; no history API, no storage, no cookie. ES2017; without it plain links take over.
(() => {
  const doc = document, root = doc.documentElement
  const one = (what, at = doc) => at.querySelector(what)
  const main = () => one('main'), words = () => doc.body.dataset
  const on = (where, what, act) => what.split(' ').forEach(sign =>
    where.addEventListener(sign, act, true))
  const make = (tag, kind, what = '') => {
    const made = doc.createElement(tag)
    made.className = kind
    made.append(what)
    return made
  }
  const speak = (to, from) => {
    to.lang = from.lang
    to.dir = from.dir
  }
  const button = (word, kind = word) => make('button', kind, words()[word])
  // Shown, but for a new view's heading: that is only heard, since it stands there.
  const say = (word, heading) => {
    const at = one('.say')
    at.className = heading ? 'say trap' : 'say'
    at.textContent = heading || words()[word]
  }

  // A view: its main element m, address u, scroll y, focus f. Views that are not on the
  // screen are out of the document, with what she typed in them.
  let view, stack = [], home, busy = 0, covered, pressed, watcher, idle, forget
  let away, exit, shifts = [] // away: the frame that leads to the target, its name
  let kept = {} // forms she went back from, by address
  let handles = '' // of the pages that end when she leaves

  const isHome = it => it.m.className == 'home'
  const learn = (url, at = doc) => {
    const spent = /\/p\/([\w-]+)/.exec(url), link = one('.leave')
    if (spent) handles += ' ' + spent[1]
    at.querySelectorAll('[name=handle]').forEach(field => handles += ' ' + field.value)
    if (link) { away = one('template', link).content.firstChild; exit = link.href }
  }
  // The title stays: without it the tab would show the site's address meanwhile, and
  // each change of it is one more line about the site in the browser's session file.
  const blank = () => doc.body && doc.body.remove()
  const go = () => {
    try { top.location.replace(away.name) } catch (_) { location.replace(away.name) }
  }
  const leave = () => {
    learn(location)
    blank()
    tell(2) // a page with the door goes by itself, and names itself alone
    // Chromium notes with each page who led to it: there a frame that is nobody's does.
    // Should neither the door nor the frame be heard, we go by ourselves, a second late.
    const late = self.chrome || self != top ? setTimeout(go, 1e3) : go()
    on(self, 'beforeunload', () => clearTimeout(late))
    if (self.chrome) root.append(away)
    // Leaving came first; nobody waits for this, and it outlives the page.
    if (handles) navigator.sendBeacon(exit, new URLSearchParams({ handles }))
  }

  const part = (m, u, from = root) => {
    learn(u, m)
    // Chromium asks its maker about every form, but for those that search.
    m.querySelectorAll('form').forEach(form => form.action += '/search')
    const made = { m, u }
    speak(m, from)
    if (isHome(made)) home = m.cloneNode(true)
    return made
  }
  const start = () => {
    if (view || !one('.say')) return // the page is still coming in
    view = part(main(), location)
    rest()
  }
  const stow = focus => {
    if (covered) return
    view.y = scrollY
    view.f = view.m.contains(focus) && focus
  }
  // The phone's own back gesture and Esc do what Back on the page does.
  const watch = () => {
    if (watcher) watcher = watcher.destroy()
    if (stack[0] && !covered && self.CloseWatcher) {
      watcher = new CloseWatcher()
      watcher.onclose = back
    }
  }
  const put = next => {
    view = next
    watch()
    if (!covered) {
      main().replaceWith(view.m)
      speak(root, view.m)
      let spot = view.f
      if (!spot) {
        spot = one('.errors', view.m) || one('h1', view.m) || view.m
        spot.tabIndex = -1
      }
      spot.focus()
      say(0, spot.matches('h1') && spot.innerText)
      scrollTo(0, view.y)
    }
  }
  const landing = () => {
    const m = home ? home.cloneNode(true) : make('main', 'home')
    if (stack[0]) m.prepend(button('resume', 'row back'), button('drop', 'row drop'))
    return { m }
  }
  const open = next => {
    stow(pressed)
    stack.push(view)
    put(isHome(next) ? landing() : next)
  }
  const back = () => {
    if (!busy.post) busy = 0
    stow(pressed)
    if (one('form', view.m)) kept[view.u] = view
    put(stack.pop())
  }

  const ask = (url, done, post) => {
    if (busy.post) return
    say()
    const mine = busy = { post }
    const end = word => {
      if (busy != mine) return
      if (word != 'wait') busy = 0
      say(word)
    }
    const fail = () => end(one('textarea', view.m) ? 'unsent' : 'offline')
    setTimeout(end, 1e3, 'wait')
    setTimeout(fail, 45e3)
    fetch(url, {
      method: post ? 'POST' : 'GET', body: post, headers: { 'Stilla-Fetch': 1 },
      // What was sent arrives, even if she leaves at once; browsers bear 64 KiB.
      keepalive: post && ('' + post).length < 6e4
    }).then(answer => answer.text().then(html => {
      if (busy != mine) return
      // Fails where the answer is no page of ours: a hotel's sign-in, a proxy's error.
      const page = new DOMParser().parseFromString(html, 'text/html')
      const next = part(one('main', page), answer.url.split('/sea')[0],
        page.documentElement)
      // Easy Swedish and Swedish share a tag, but not their words.
      const said = page.body.dataset
      if (said.home != words().home) {
        Object.assign(words(), said)
        for (const same of ['.leave', 'header', '.by']) one(same).replaceWith(one(same, page))
      }
      next.m.append(one('style+style', page) || '') // the style of forms
      end()
      done(next, answer.ok)
    })).catch(fail)
  }
  const section = from => {
    const m = make('main', '', button('back'))
    m.append(make('h1', '', from.parentNode.dataset.title),
      from.nextElementSibling.cloneNode(true))
    open(part(m))
  }
  const visit = link => {
    const was = kept[link.href]
    if (link.pathname == words().home && stack[0] && isHome(stack[0])) {
      while (stack[0]) back()
    } else if (was) {
      kept[link.href] = 0
      was.f = 0
      open(was)
    } else ask(link.href, next => link.hreflang ? put(landing()) : open(next))
  }
  const send = (form, body) => {
    const from = view
    ask(form.action, (next, ok) => {
      if (ok) {
        kept[from.u] = 0
        stack = isHome(next) ? [] : stack.filter(other => other != from)
      }
      // An error page without a form comes on top: Back leads to her text.
      if (view == from && (ok || one('form', next.m))) put(next)
      else open(next)
    }, body)
  }

  const wipe = () => {
    kept = {}
    stack = []
    return view = landing()
  }
  const cover = () => {
    if (!covered && view && main()) {
      stow(doc.activeElement)
      covered = Date.now()
      watch()
      view.m.replaceWith(make('main', 'cover', button('show')))
      doc.body.className = 'cover'
      one('.show').focus()
      say('covered')
      forget = setTimeout(wipe, 18e5) // ms that a covered text lasts
    }
  }
  const uncover = () => {
    clearTimeout(forget)
    if (Date.now() - covered > 18e5) wipe()
    if (!isHome(view)) open(landing())
    covered = 0
    doc.body.className = ''
    put(view)
    if (!home) ask(words().home, () => isHome(view) && put(landing()))
  }
  const rest = () => {
    clearTimeout(idle)
    idle = setTimeout(cover, 3e5)
  }

  // A door's frame (static/door.js) hears that the page has come, and of an Esc with
  // nothing to go back to. Outside a frame nobody does.
  const tell = what => parent.postMessage(what, '*')

  on(self, 'keydown', event => {
    if (event.key == 'Escape' && !stack[0]) tell('')
    // Typing in a field never counts: phones' own keyboards press Shift by themselves.
    const other = event.repeat || event.key != 'Shift' || /^text/.test(event.target.type)
    shifts = other ? [] : [event.timeStamp, ...shifts]
    if (shifts[0] - shifts[2] < 2e3) leave()
  })
  on(doc, 'click auxclick', event => {
    const by = event.target.closest('a,summary,button')
    if (!by) return
    start()
    const is = what => by.matches(what)
    const act = is('.leave') ? leave
      : !view || event.button || event.ctrlKey || event.metaKey || event.shiftKey ? 0 : is('.show') ? uncover : is('.drop') ? () => put(wipe())
      : is('.back') && stack[0] ? back : is('.page>summary') ? section
      : by.origin == location.origin ? visit : 0
    pressed = by
    if (!act) return
    event.preventDefault()
    act(by)
  })
  on(doc, 'submit', event => {
    const form = event.target, by = event.submitter || pressed
    const body = new URLSearchParams(new FormData(form))
    if (by && by.form == form && by.name) body.append(by.name, by.value)
    start()
    if (!view) return
    event.preventDefault()
    send(form, body)
  })
  on(doc, 'DOMContentLoaded visibilitychange', () => {
    start()
    if (doc.hidden) cover()
  })
  on(self, 'click keydown scroll', rest)
  on(self, 'pagehide', blank)
  on(self, 'pageshow', event => event.persisted && leave())

  // Where a keyboard or a zoom hides the bottom edge, Leave stands above it.
  const seen = self.visualViewport
  if (seen) on(seen, 'resize scroll', () => root.style.setProperty('--keyboard',
    innerHeight - seen.height - seen.offsetTop + 'px'))
  root.className = 'js'
  tell(1)
})()
