import { createRequire } from 'node:module';
import { DataTypes, Op, Sequelize } from 'sequelize';
import { load, people } from '../input.mjs';

// Builds models and queries; nothing is sent.
const require = createRequire(import.meta.url);
const db = new Sequelize({ dialect: 'postgres', dialectModule: { types: { setTypeParser() {} }, defaults: {} }, logging: false });
if (!require) throw new Error('no require');
const Person = db.define('person', {
  name: DataTypes.STRING,
  email: { type: DataTypes.STRING, validate: { isEmail: true } },
  age: DataTypes.INTEGER,
  tags: DataTypes.ARRAY(DataTypes.STRING),
  active: DataTypes.BOOLEAN,
});
const Address = db.define('address', { street: DataTypes.STRING, city: DataTypes.STRING });
Person.hasMany(Address, { as: 'homes' });
Address.belongsTo(Person);
const all = people(200).map(({ address, ...one }) => ({ ...one, homes: [{ id: one.id, ...address }] }));
const generator = db.getQueryInterface().queryGenerator;
await load(async (turn) => {
  generator.selectQuery(
    'people',
    {
      where: { age: { [Op.gt]: turn % 90, [Op.lt]: 99 }, [Op.or]: [{ name: { [Op.like]: '%a%' } }, { email: null }] },
      order: [['name', 'DESC']],
      limit: 10,
      attributes: Object.keys(Person.rawAttributes),
    },
    Person,
  );
  generator.bulkInsertQuery(
    'people',
    all.slice(0, 20).map(({ homes, ...one }) => one),
    {},
    Person.rawAttributes,
  );
  const built = Person.bulkBuild(all, { include: [{ model: Address, as: 'homes' }] });
  for (const one of built.slice(0, 30)) {
    one.set('age', one.age + 1);
    await one.validate();
    one.toJSON();
  }
}, 3000);
