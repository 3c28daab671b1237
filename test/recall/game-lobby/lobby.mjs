/** The connections of a game; each has a socket that takes text. */
export class Lobby {
  connections = new Set();
  sent = 0;

  join(connection) {
    this.connections.add(connection);
  }

  send(connection, message) {
    const text = JSON.stringify(message);
    this.sent += text.length;
    connection.socket.write(`${text}\n`);
  }

  broadcast(message) {
    for (const connection of this.connections) {
      if (connection.open) this.send(connection, message);
    }
  }
}
