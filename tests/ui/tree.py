"""What a program tells assistive technology, all of it at once.

libatspi asks for each name, role and child alone: more than a second for one look at the window,
and a scenario looks a thousand times. GTK also answers with its whole cache in one message.
What is in what is asked besides, all at once: the cache holds what is hidden and lacks what is new.
"""
import gi
gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, Gio, GLib  # noqa: E402

INTERFACE = 'org.a11y.atspi.'
ROOT = '/org/a11y/atspi/accessible/root'
NOTHING = GLib.Variant('()', ())
PATIENCE = 10000  # milliseconds: a program that does not answer hangs


def connect():
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    address = session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress', None,
                                None, 0, PATIENCE, None).unpack()[0]
    flags = Gio.DBusConnectionFlags
    return Gio.DBusConnection.new_for_address_sync(
        address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)


class Node:
    """A widget as it was when the tree was read; what it does, it does now."""

    def __init__(self, tree, item):
        (_, self.path), _, (_, self.parent_path), self.index, self.n_children, self.interfaces, \
            self.name, role, _, self.states = item
        self.tree = tree
        self.role = Atspi.role_get_name(Atspi.Role(role))
        self.children = []

    def __eq__(self, other):
        return isinstance(other, Node) and self.path == other.path

    def __hash__(self):
        return hash(self.path)

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def get_parent(self):
        return self.tree.nodes.get(self.parent_path)

    def had_state(self, name):
        bit = int(getattr(Atspi.StateType, name))
        return bool(self.states[bit // 32] >> bit % 32 & 1)

    def call(self, method, *arguments):
        """Arguments are pairs of type and value."""
        parameters = GLib.Variant('(' + ''.join(t for t, _ in arguments) + ')',
                                  tuple(v for _, v in arguments))
        return self.tree.call(self.path, method, parameters)

    def has_state(self, name):
        """Whether it is, for example, `SENSITIVE`, as it is now."""
        self.states = self.call('Accessible.GetState')[0]
        return self.had_state(name)

    def actions(self):
        return [name for name, _, _ in self.call('Action.GetActions')[0]]

    def do(self, index=0):
        self.call('Action.DoAction', ('i', index))

    def is_editable(self):
        return INTERFACE + 'EditableText' in self.interfaces

    def set_text(self, text):
        self.call('EditableText.SetTextContents', ('s', text))

    def text(self):
        count = self.tree.call(self.path, 'Text.CharacterCount')
        return self.call('Text.GetText', ('i', 0), ('i', count))[0]


class Tree:
    """The windows of one program, as they are now."""

    def __init__(self, bus, owner):
        self.bus = bus
        self.owner = owner
        self.nodes = self.read()
        missing = self.connect()
        if missing:
            for path in missing:
                self.wake(path)
            self.nodes = self.read()
            self.connect()  # what is missing still went away meanwhile
        self.windows = sorted((n for n in self.nodes.values() if n.parent_path == ROOT),
                              key=lambda n: n.index)

    def call(self, path, method, parameters=None):
        """A method of an interface; without parameters, a property."""
        interface, member = (INTERFACE + method).rsplit('.', 1)
        if parameters is None:
            interface, member, parameters = 'org.freedesktop.DBus.Properties', 'Get', \
                GLib.Variant('(ss)', (interface, member))
            return self.bus.call_sync(self.owner, path, interface, member, parameters, None, 0,
                                      PATIENCE, None).unpack()[0]
        return self.bus.call_sync(self.owner, path, interface, member, parameters, None, 0,
                                  PATIENCE, None).unpack()

    def read(self):
        """All that was ever asked for, by path; what is hidden, too, and nothing tells it apart."""
        items = self.call('/org/a11y/atspi/cache', 'Cache.GetItems', NOTHING)[0]
        return {node.path: node for node in (Node(self, item) for item in items)}

    def connect(self):
        """Finds out what is in what; returns what is in something and not known yet."""
        missing = []
        for parent, found in self.ask_children(n for n in self.nodes.values() if n.n_children):
            for path in found:
                child = self.nodes.get(path)
                if not child:
                    missing.append(path)
                elif child.parent_path == parent.path:
                    parent.children.append(child)
                else:  # a stack leaves out its pages, which have the titles
                    page = self.nodes.get(child.parent_path)
                    if page:
                        parent.children.append(page)
        return missing

    def ask_children(self, nodes):
        """All questions first, then the answers."""
        answers = []
        n_open = 0

        def answered(_, result, node):
            nonlocal n_open
            n_open -= 1
            try:
                answers.append((node, [p for _, p in self.bus.call_finish(result).unpack()[0]]))
            except GLib.Error:  # it went away meanwhile
                pass
        for node in nodes:
            n_open += 1
            self.bus.call(self.owner, node.path, INTERFACE + 'Accessible', 'GetChildren', None,
                          None, 0, PATIENCE, None, answered, node)
        while n_open:
            GLib.MainContext.default().iteration(True)
        return answers

    def wake(self, path):
        """Asks for what is below: from then on it is in the cache."""
        try:
            found = self.call(path, 'Accessible.GetChildren', NOTHING)[0]
        except GLib.Error:  # it went away meanwhile
            return
        for _, child in found:
            if child not in self.nodes:
                self.wake(child)


def find_program(bus, pid):
    """The tree of the program with this number; nothing as long as it has no window."""
    def ask(owner, path, interface, member, parameters=None):
        return bus.call_sync(owner, path, interface, member, parameters, None, 0, PATIENCE,
                             None).unpack()[0]

    def number_of(owner):
        try:
            return ask('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                       'GetConnectionUnixProcessID', GLib.Variant('(s)', (owner,)))
        except GLib.Error:  # one that has just ended
            return None
    programs = ask('org.a11y.atspi.Registry', ROOT, INTERFACE + 'Accessible', 'GetChildren')
    owner = next((owner for owner, _ in programs if number_of(owner) == pid), None)
    found = owner and Tree(bus, owner)
    return found if found and found.windows else None
