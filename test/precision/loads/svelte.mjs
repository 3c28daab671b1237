import { compile } from 'svelte/compiler';
import { load } from '../input.mjs';

const part = (i) =>
  `<section class="s${i}" class:on={open}>{#if items.length > ${i}}<h2>{title} ${i}</h2>{#each items as item, n (item.id)}<p on:click={() => (open = !open)} style:color={item.colour}>{n} {item.name.toUpperCase()} <input bind:value={item.name} /></p>{:else}<em>none</em>{/each}{:else if open}<slot name="s${i}" />{/if}</section>`;
const source = `<script>export let items = []; export let title; let open = false; $: total = items.reduce((sum, one) => sum + one.n, 0); function add() { items = [...items, { id: total }]; }</script><button on:click={add}>{total}</button>${Array.from({ length: 25 }, (_, i) => part(i)).join('\n')}<style>${Array.from({ length: 25 }, (_, i) => `.s${i} > p:hover, .s${i} h2 { color: red; animation: a ${i}s }`).join('\n')} .on { border: 1px }</style>`;
await load((turn) => compile(source, { generate: turn % 3 === 0 ? 'server' : 'client', filename: 'App.svelte' }), 3000);
