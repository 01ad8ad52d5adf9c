// Leave at once, read and write in place, cover what is hidden. Inlined in every visitor
// page; adds nothing to the history, no storage, no cookie. ES2017; without it plain
// links take over.
{
  const doc = document, root = doc.documentElement, here = location
  const later = setTimeout, never = clearTimeout, Params = URLSearchParams
  // Newer than ES2017, so each is looked for before it is used.
  const { chrome, navigation: entries, visualViewport: seen, CloseWatcher: Watcher } = self
  const place = entries && entries.currentEntry // null for a page without an origin
  const left = place ? place.getState() : history.state
  const one = (what, at = doc) => at.querySelector(what)
  const each = (what, at, act) => at.querySelectorAll(what).forEach(act)
  const main = () => one('main'), words = () => doc.body.dataset
  const on = (what, act) => what.split(' ').forEach(sign =>
    addEventListener(sign, act, 1))
  const make = (tag, kind, ...inside) => {
    const made = doc.createElement(tag)
    made.className = kind
    made.append(...inside)
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

  // A view: its main element m, address u, scroll y, focus f; k if it came of a form that
  // was taken, so that no link leads to it again. Views that are not on the screen are
  // out of the document, with what she typed in them. busy.p is what is being sent.
  let view, stack = [], home, busy = 0, covered, pressed, watcher, idle, forget
  let away, exit, shifts = [] // away: the frame that leads to the target, its name
  let kept = {} // forms she went back from, by address
  let handles = '' // of the pages that end when she leaves

  const isHome = it => it && it.m.className == 'home'
  const learn = (url, at = doc) => {
    const spent = /\/p\/([\w-]+)/.exec(url), link = one('.leave')
    if (spent) handles += ' ' + spent[1]
    each('[name=handle]', at, field => handles += ' ' + field.value)
    if (link) { away = one('template').content.firstChild; exit = link.href }
  }
  // The title stays: without it the tab would show the site's address meanwhile, and
  // each change of it is one more line about the site in the browser's session file.
  const blank = () => doc.body && doc.body.remove()
  const lead = where => where.location.replace(away.name)
  const go = () => {
    try { lead(top) } catch (_) { lead(self) }
  }
  const leave = () => {
    learn(here)
    blank()
    tell(2) // a page with the door goes by itself, and names itself alone
    // Chromium notes with each page who led to it: there a frame that is nobody's does.
    // Should neither the door nor the frame be heard, we go by ourselves, a second late.
    const late = chrome || self != top ? later(go, 1e3) : go()
    on('beforeunload', () => never(late))
    if (chrome) root.append(away)
    // Leaving came first; nobody waits for this, and it outlives the page.
    if (handles) navigator.sendBeacon(exit, new Params({ handles }))
    // Back, pressed before the target has come, keeps this entry: so it is marked, and
    // Forward leads away from it. Chromium would list a page whose entry is replaced.
    if (place) entries.updateCurrentEntry({ state: 1 })
    else if (!chrome) history.replaceState(1, 0)
  }

  const part = (m, u, from = root) => {
    learn(u, m)
    // Chromium asks its maker about every form, but for those that search.
    each('form', m, form => form.action += '/search')
    const made = { m, u }
    speak(m, from)
    if (isHome(made)) home = m.cloneNode(1)
    return made
  }
  const start = () => {
    if (view || !one('.say')) return // the page is still coming in
    view = part(main(), here)
    if (left) leave()
    rest()
  }
  const stow = focus => {
    if (covered) return
    view.y = scrollY
    view.f = view.m.contains(focus) && focus
  }
  // The phone's own back gesture and Esc do what Back on the page does. From the landing
  // rows they lead to no text (S42), but away, as from any first page.
  const watch = () => {
    if (watcher) watcher = watcher.destroy()
    const leads = stack[0] && !covered && !isHome(view)
    if (leads && Watcher) (watcher = new Watcher()).onclose = back
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
    const m = home ? home.cloneNode(1) : make('main', 'home')
    if (stack[0]) m.prepend(button('resume', 'row back'), button('drop', 'row drop'))
    return { m }
  }
  const open = next => {
    stow(pressed)
    stack.push(view)
    put(isHome(next) ? landing() : next)
  }
  const back = by => {
    if (!busy.p) busy = 0
    stow(pressed)
    if (one('form', view.m)) {
      // Her number, or a thread: a habit must not lose it.
      if (by && view.k) return open(landing())
      kept[view.u] = view
    }
    put(stack.pop())
  }

  const ask = (url, done, post) => {
    if (busy.p) return
    say()
    const mine = busy = { p: post }
    const end = word => {
      if (busy != mine) return
      if (word != 'wait') busy = 0
      say(word)
    }
    const fail = () => end(one('textarea', view.m) ? 'unsent' : 'offline')
    later(end, 1e3, 'wait')
    later(fail, 45e3)
    fetch(url, {
      method: post && 'POST', body: post, headers: { 'Stilla-Fetch': 1 },
      // What was sent arrives, even if she leaves at once; browsers bear 64 KiB, so
      // longer texts, which have a character there, go without.
      keepalive: post && !('' + post)[6e4]
    }).then(answer => answer.text().then(html => {
      if (busy != mine) return
      // Fails where the answer is no page of ours: a hotel's sign-in, a proxy's error.
      const page = new DOMParser().parseFromString(html, 'text/html')
      const next = part(one('.leave~main', page), answer.url.split('/sea')[0],
        page.documentElement)
      // Easy Swedish and Swedish share a tag, but not their words.
      const said = page.body.dataset
      if (said.home != words().home) {
        ['.leave', 'header', '.by'].forEach(same =>
          one(same).replaceWith(one(same, page)))
        Object.assign(words(), said)
      }
      next.m.append(one('style+style', page) || '') // the style of forms
      end()
      done(next, answer.ok)
    })).catch(fail)
  }
  const section = from => open(part(make('main', '', button('back'),
    make('h1', '', from.parentNode.dataset.title),
    from.nextElementSibling.cloneNode(1))))
  const visit = link => {
    const was = kept[link.href]
    if (link.pathname == words().home && isHome(stack[0])) {
      while (stack[0]) back()
    } else if (was) {
      kept[link.href] = was.f = 0
      open(was)
    } else ask(link.href, next => link.hreflang ? put(landing()) : open(next))
  }
  const send = (form, body) => {
    const from = view
    ask(form.action, (next, ok) => {
      if (ok) {
        kept[from.u] = 0
        next.k = 1
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
      covered = new Date()
      watch()
      view.m.replaceWith(make('main', 'cover', button('show')))
      doc.body.className = 'cover'
      one('.show').focus()
      say('cover')
      forget = later(wipe, 18e5) // ms that a covered text lasts
    }
  }
  const uncover = () => {
    never(forget)
    if (new Date() - covered > 18e5) wipe()
    if (!isHome(view)) open(landing())
    covered = 0
    doc.body.className = ''
    put(view)
    if (!home) ask(words().home, () => isHome(view) && put(landing()))
  }
  const rest = () => {
    never(idle)
    idle = later(cover, 3e5)
  }

  // A door's frame (static/door.js) hears that the page has come, and of an Esc with
  // nothing to go back to. Outside a frame nobody does.
  const tell = what => parent.postMessage(what, '*')

  on('keydown', event => {
    if (event.key == 'Escape' && !stack[0]) tell()
    // Typing in a field never counts: phones' own keyboards press Shift by themselves.
    const other = event.repeat || event.key != 'Shift' || /^text/.test(event.target.type)
    shifts = other ? [] : [event.timeStamp, ...shifts]
    if (shifts[0] - shifts[2] < 2e3) leave()
  })
  on('click auxclick', event => {
    const by = event.target.closest('a,summary,button')
    if (!by) return
    start()
    const is = what => by.matches(what)
    const act = is('.leave') ? leave
      : !view || event.button || event.ctrlKey || event.metaKey || event.shiftKey ? 0 : is('.show') ? uncover : is('.drop') ? () => put(wipe())
      : is('.back') && stack[0] ? back : is('.page>summary') ? section
      : by.origin == here.origin ? visit : 0
    pressed = by
    if (!act) return
    event.preventDefault()
    act(by)
  })
  on('submit', event => {
    const form = event.target
    // Safari before 11.1 can't read forms: it stumbles here, and sends them by itself.
    const body = new Params([...new FormData(form)])
    // Enter presses a button, too.
    if (pressed.form == form && pressed.name) body.append(pressed.name, pressed.value)
    start()
    if (!view) return
    event.preventDefault()
    send(form, body)
  })
  on('DOMContentLoaded visibilitychange', () => {
    start()
    if (doc.hidden) cover()
  })
  on('click keydown scroll', rest)
  on('pagehide', blank)
  on('pageshow', event => event.persisted && leave())

  // Where a keyboard or a zoom hides the bottom edge, Leave stands above it.
  if (seen) seen.onresize = seen.onscroll = () => root.style.setProperty('--keyboard',
    innerHeight - seen.height - seen.offsetTop + 'px')
  root.className = 'js'
  root.hidden = left
  tell(1)
}
