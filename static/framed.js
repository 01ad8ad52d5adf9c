// In the frame that a door opened (static/door.js): says that the page has come, and
// passes Esc on where there is nothing to go back to. Outside a frame nobody hears it.
parent.postMessage(1, '*')
addEventListener('keydown', event => {
  if (event.key == 'Escape' && !document.querySelector('.back')) parent.postMessage('', '*')
})
