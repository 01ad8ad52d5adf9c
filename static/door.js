// The door on another page: its button opens the site in a frame over the whole page;
// where that fails, the form is sent as it stands. Nothing is asked for before.
// All of the snippet must fit in 1.5 kB (docs/doors.md), so some names are letters:
// q the form, b the box over the page, f the frame in it, t what gives up on the frame.
(d => {
  let b, f, t
  const make = (tag, more) => Object.assign(d.createElement(tag), more)
  const shut = () => {
    clearTimeout(t)
    if (b) b.close(), b.remove()
    b = 0
  }
  const open = (q, title) => {
    const wait = ms => {
      clearTimeout(t)
      t = setTimeout(() => { shut(); q.submit() }, ms)
    }
    b = make('dialog', {
      style: 'display:grid;grid:auto 1fr/1fr;min-width:100%;min-height:100%;padding:0;border:0',
      ariaLabel: title,
      onclose: shut
    })
    f = make('iframe', {
      style: 'width:100%;height:100%;border:0',
      title,
      referrerPolicy: 'no-referrer',
      src: q.action + q.lang + '/',
      onload() { wait(500) }
    })
    b.append(make('button', {
      type: 'button',
      style: 'padding:1rem',
      textContent: q.dataset.door,
      // Blank in the same task. The page's own title stays on the tab.
      go() { d.body.remove(); location.replace(q.dataset.to) }
    }), f)
    q.append(b)
    b.showModal()
    wait(1e4)
  }
  // No other script of the page hears of a press on the door, or on its Leave.
  for (const on in d) if (/(click|down|up|press|submit|start|end)$/.test(on)) addEventListener(on.slice(2), e => {
    const at = e.target, q = at.closest && at.closest('[data-door]')
    if (!q) return
    e.stopImmediatePropagation()
    if (on == 'onclick' && at.go) at.go()
    if (on == 'onsubmit' && self.HTMLDialogElement) e.preventDefault(), open(q, q.innerText)
  }, true)
  // The site in the frame says that it is there, ('') that Esc was pressed in it, or
  // (2) Leave: then this page goes, and the next one is not said to come from there.
  addEventListener('message', e => {
    if (!b || e.source != f.contentWindow) return
    if (!e.data) return shut()
    e.data > 1 && b.firstChild.go()
    clearTimeout(t)
    f.onload = 0
    f.focus()
  })
  addEventListener('pagehide', shut)
})(document)
