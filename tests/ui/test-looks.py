"""The window in every surrounding: dark, high contrast, narrow, wide, German. Pictures to look at;
and none of them brings a warning."""
import subprocess
import sys

from robot import PAGES, RETAINERCTL, Robot, run

PRODUCTS = (
    ('Receptionist', 'base', '249', '--metric', 'minutes', '--included', '1000', '--overage',
     '0.12', '--description', 'Answers the phone day and night'),
    ('Appointment booking, with reminders by text message and a call back for each missed call',
     'base', '1490', '--period', 'year'),
    ('Chat agent', 'usage', '0.015', '--metric', 'conversations'),
    ('Setup & training <3 days>', 'one-time', '1500'),
)


def fill():
    def ctl(*arguments):
        subprocess.run([RETAINERCTL, *arguments], check=True, stdout=subprocess.DEVNULL)
    ctl('account', 'add', '--name', 'My Agency', '--practice')
    for name, model, amount, *more in PRODUCTS:
        ctl('product', 'create', '--name', name, '--model', model, '--amount', amount, '--currency',
            'eur', *more)
    ctl('client', 'create', '--name', 'Café Müller & Söhne', '--email', 'anna@mueller.example',
        '--country', 'DE', '--postal-code', '10115')
    ctl('client', 'create', '--name', 'Bare')
    ctl('coupon', 'create', '--name', 'Welcome', '--percent', '20', '--duration', 'months',
        '--months', '3')


def tour(scenario, size=None, **environment):
    """Every page in these surroundings."""
    robot = Robot(scenario, **environment)
    if size:
        robot.resize(*size)
    robot.find('Chat agent', 'label')
    for page in PAGES:
        robot.show(page)
        robot.shot(page.lower())
    for page in ('Products', 'Clients'):
        robot.show(page)
        robot.key('ctrl+n')
        robot.field('')
        robot.key('ctrl+Return')
        robot.shot('form')
        robot.key('Escape')
    robot.key('F10')
    robot.shot('menu')
    robot.key('Escape')
    robot.close()
    robot.end()


def light():
    tour('light')


def dark():
    tour('dark', ADW_DEBUG_COLOR_SCHEME='prefer-dark')


def high_contrast():
    tour('contrast', ADW_DEBUG_HIGH_CONTRAST='1')


def narrow():
    tour('narrow', (360, 640))


def wide():
    tour('wide', (1600, 900))


def german():
    tour('german', LANGUAGE='de', LC_ALL='de_DE.UTF-8')


fill()
sys.exit(run(light, dark, high_contrast, narrow, wide, german))
