import pug from 'pug';

const layoutTop = `doctype html
html(lang="en")
  head
    meta(charset="utf-8")
    title= subject
    style.
      body { font-family: sans-serif; margin: 2em }
      .teaser { border-bottom: 1px solid #ccc }
  body`;

const sources = {
  newsletter: `mixin teaser(article)
  .teaser
    h2: a(href=link(article))= article.title
    p.meta
      span.topic= article.topic
      = ' '
      time= article.date
    p= article.lead
    if article.tags.length
      ul.tags
        each tag in article.tags
          li= tag
${layoutTop}
    header
      h1= subject
      if subscriber.since
        p Reading with us since #{subscriber.since}
    each article, i in articles
      if i === 6
        aside.break More from this week
      +teaser(article)
    unless articles.length
      p Nothing new this week.
    footer
      p
        | You get this because you subscribed to 
        b= subscriber.topic
        | .
      a(href="/unsubscribe?id=" + subscriber.id) Unsubscribe
      if tracking
        img(src="/pixel.gif" width="1" height="1")
`,
  archive: `${layoutTop}
    h1= subject
    table
      each issue in issues
        tr
          td= issue.number
          td= issue.title
`,
};

const helpers = {
  link: (article) => `/articles/${article.id}?utm_source=newsletter`,
};

export function render(name, values) {
  const source = sources[name];
  if (!source) throw new Error(`no view named ${name}`);
  return pug.render(source, { ...helpers, ...values });
}
