// SPDX-License-Identifier: EUPL-1.2
// Implementation of window.hpp with SDL 2: software surface, event-driven redraw, own event to
// wake. UI thread only.
#include "kiosk/shell/window.hpp"

#include <SDL.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "drivers/base/check.hpp"
#include "drivers/base/handle.hpp"
#include "drivers/base/secret.hpp"
#include "kiosk/screens/renderer.hpp"
#include "kiosk/shell/interaction.hpp"
#include "kiosk/text/overwrite.hpp"

namespace shell {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Waiting dots step every 600 ms (design.md 7).
constexpr milliseconds phase_time{600};

/// SDL is started and stopped with the window; one window per process.
class Sdl {
  public:
    Sdl() = default;
    Sdl(const Sdl&) = delete;
    Sdl& operator=(const Sdl&) = delete;
    ~Sdl() {
        if (started_) SDL_Quit();
    }
    [[nodiscard]] bool start() {
        // Touches come as touches and the mouse as mouse, each once; presenting never goes through
        // OpenGL.
        SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
        SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
        SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
        SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "0");
        SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
        started_ = SDL_Init(SDL_INIT_VIDEO | SDL_INIT_EVENTS) == 0;
        return started_;
    }

  private:
    bool started_ = false;
};

using WindowHandle = std::unique_ptr<SDL_Window, base::Deleter<SDL_DestroyWindow>>;

/// In a window: the largest panel of these proportions that the display has room for.
widgets::Panel fitting(widgets::Panel panel) {
    SDL_Rect bounds;
    if (SDL_GetDisplayUsableBounds(0, &bounds) != 0) return panel;
    const double scale = std::min({1.0, static_cast<double>(bounds.w) / panel.width,
                                   static_cast<double>(bounds.h) / panel.height});
    panel.width = static_cast<int>(std::floor(panel.width * scale));
    panel.height = static_cast<int>(std::floor(panel.height * scale));
    panel.mm_per_px /= scale;
    return panel;
}

std::optional<Input> key_input(const SDL_KeyboardEvent& event) {
    const SDL_Keycode code = event.keysym.sym;
    const bool shift = (event.keysym.mod & KMOD_SHIFT) != 0;
    if (code >= SDLK_0 && code <= SDLK_9) return DigitKey{static_cast<std::uint8_t>(code - SDLK_0)};
    if (code >= SDLK_KP_1 && code <= SDLK_KP_9)
        return DigitKey{static_cast<std::uint8_t>(code - SDLK_KP_1 + 1)};
    switch (code) {
        case SDLK_KP_0:
            return DigitKey{0};
        case SDLK_TAB:
            return KeyPress{shift ? Key::previous : Key::next};
        case SDLK_DOWN:
        case SDLK_RIGHT:
            return KeyPress{Key::next};
        case SDLK_UP:
        case SDLK_LEFT:
            return KeyPress{Key::previous};
        case SDLK_RETURN:
        case SDLK_KP_ENTER:
        case SDLK_SPACE:
            return KeyPress{Key::activate};
        case SDLK_ESCAPE:
            return KeyPress{Key::back};
        case SDLK_F1:
        case SDLK_HELP:
            return KeyPress{Key::help};
        case SDLK_PAGEDOWN:
            return KeyPress{Key::page_next};
        case SDLK_PAGEUP:
            return KeyPress{Key::page_previous};
        case SDLK_BACKSPACE:
        case SDLK_DELETE:
        case SDLK_KP_PERIOD:
            return DeleteKey{};
        default:
            return std::nullopt;
    }
}

bool moves(const view::Screen& screen) {
    if (screen.display.reduced_motion) return false;
    return std::any_of(screen.blocks.begin(), screen.blocks.end(), [](const view::Block& block) {
        const auto* picture = std::get_if<view::Picture>(&block);
        const bool reads = picture != nullptr && picture->kind == view::Picture::Kind::reading;
        return reads || std::holds_alternative<view::Waiting>(block);
    });
}

}  // namespace

struct Window::Parts {
    Parts(screens::Renderer r, const Options& o)
        : renderer(std::move(r)), interaction(renderer.theme().double_strike_ms), panel(o.panel) {}

    Sdl sdl;  ///< first: the window must go before it
    WindowHandle window;
    screens::Renderer renderer;
    Interaction interaction;
    widgets::Panel panel;
    widgets::Frame frame;
    std::optional<view::Screen> shown;
    Uint32 wake_event = 0;
    std::optional<SDL_FingerID> finger;
    Clock::time_point started = Clock::now();
    Clock::time_point next_phase{};
    bool closed = false, activity = false, exposed = true, woken = false;

    [[nodiscard]] std::int64_t now_ms() const {
        return std::chrono::duration_cast<milliseconds>(Clock::now() - started).count();
    }

    void present() {
        SDL_Surface* surface = SDL_GetWindowSurface(window.get());
        if (surface == nullptr || surface->w != frame.width || surface->h != frame.height) return;
        SDL_ConvertPixels(frame.width, frame.height, SDL_PIXELFORMAT_RGB888, frame.pixels.data(),
                          frame.width * 4, surface->format->format, surface->pixels,
                          surface->pitch);
        SDL_UpdateWindowSurface(window.get());
    }

    std::vector<view::Intent> draw(const view::Screen& screen) {
        std::vector<view::Intent> intents;
        interaction.prepare(screen);
        const bool changed = !shown || *shown != screen;
        const bool dirty = interaction.take_dirty();
        if (changed || dirty) {
            shown = screen;
            intents = interaction.shown(screen,
                                        renderer.draw(screen, panel, interaction.moment(), frame));
            // The ring may have moved to a control that this very drawing brought.
            if (interaction.take_dirty()) {
                auto more = interaction.shown(
                    screen, renderer.draw(screen, panel, interaction.moment(), frame));
                intents.insert(intents.end(), more.begin(), more.end());
            }
            exposed = true;
        }
        if (std::exchange(exposed, false)) present();
        return intents;
    }

    std::vector<view::Intent> input(const Input& input) {
        activity = true;
        return interaction.on(input, now_ms());
    }

    std::vector<view::Intent> touch(const SDL_TouchFingerEvent& event) {
        // One finger at a time: what another one does meanwhile is no intent.
        if (event.type == SDL_FINGERDOWN && !finger) finger = event.fingerId;
        if (!finger || *finger != event.fingerId) return {};
        const int x = static_cast<int>(event.x * static_cast<float>(panel.width));
        const int y = static_cast<int>(event.y * static_cast<float>(panel.height));
        if (event.type == SDL_FINGERDOWN) return input(PointerDown{x, y});
        if (event.type == SDL_FINGERMOTION) return input(PointerMove{x, y});
        finger.reset();
        return input(PointerUp{x, y});
    }

    void window_changed(const SDL_WindowEvent& event) {
        exposed = true;
        if (event.event != SDL_WINDOWEVENT_SIZE_CHANGED) return;
        panel.width = event.data1;
        panel.height = event.data2;
        shown.reset();
    }

    std::vector<view::Intent> handle(const SDL_Event& event) {
        if (event.type == wake_event) {
            woken = true;
            return {};
        }
        switch (event.type) {
            case SDL_QUIT:
                closed = true;
                return {};
            case SDL_WINDOWEVENT:
                window_changed(event.window);
                return {};
            case SDL_FINGERDOWN:
            case SDL_FINGERMOTION:
            case SDL_FINGERUP:
                return touch(event.tfinger);
            case SDL_MOUSEBUTTONDOWN:
                if (event.button.button != SDL_BUTTON_LEFT) return {};
                return input(PointerDown{event.button.x, event.button.y});
            case SDL_MOUSEBUTTONUP:
                if (event.button.button != SDL_BUTTON_LEFT) return {};
                return input(PointerUp{event.button.x, event.button.y});
            case SDL_MOUSEMOTION:
                if ((event.motion.state & SDL_BUTTON_LMASK) == 0) return {};
                return input(PointerMove{event.motion.x, event.motion.y});
            case SDL_KEYDOWN: {
                const std::optional<Input> typed = key_input(event.key);
                // A held key moves the ring on, but types and confirms once.
                const bool again = event.key.repeat != 0;
                if (!typed || (again && !std::holds_alternative<KeyPress>(*typed))) return {};
                if (again && std::get<KeyPress>(*typed).key == Key::activate) return {};
                return input(*typed);
            }
            default:
                return {};
        }
    }

    [[nodiscard]] milliseconds wait_time(const view::Screen& screen, Clock::time_point end) {
        const Clock::time_point now = Clock::now();
        Clock::time_point until = end;
        if (moves(screen)) {
            if (next_phase < now - phase_time) next_phase = now + phase_time;
            until = std::min(until, next_phase);
        }
        const auto left = std::chrono::ceil<milliseconds>(until - now);
        return std::max(left, milliseconds{0});
    }
};

Window::Window(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Window::~Window() {
    flush_caches();
}

base::Result<std::unique_ptr<Window>> Window::open(const Options& options,
                                                   widgets::Resolve resolve) {
    TRY(renderer, screens::Renderer::open(options.font_directory, std::move(resolve)));
    auto parts = std::make_unique<Parts>(std::move(renderer), options);
    if (!parts->sdl.start()) return base::fail(base::Errc::display_failed, "sdl_init");
    const bool full = options.mode == Mode::fullscreen;
    if (!full) parts->panel = fitting(options.panel);
    const Uint32 flags = full ? Uint32{SDL_WINDOW_FULLSCREEN_DESKTOP} : 0U;
    parts->window.reset(SDL_CreateWindow(options.title.c_str(), SDL_WINDOWPOS_CENTERED,
                                         SDL_WINDOWPOS_CENTERED, parts->panel.width,
                                         parts->panel.height, flags));
    if (!parts->window) return base::fail(base::Errc::display_failed, "sdl_window");
    SDL_GetWindowSize(parts->window.get(), &parts->panel.width, &parts->panel.height);
    if (full) SDL_ShowCursor(SDL_DISABLE);
    SDL_StopTextInput();
    parts->wake_event = SDL_RegisterEvents(1);
    return std::make_unique<Window>(std::move(parts));
}

std::vector<view::Intent> Window::run_once(const view::Screen& screen, milliseconds timeout) {
    Parts& p = *parts_;
    const Clock::time_point end = Clock::now() + timeout;
    for (;;) {
        std::vector<view::Intent> intents = p.draw(screen);
        if (!intents.empty() || p.closed || std::exchange(p.woken, false)) return intents;
        SDL_Event event;
        const int wait = static_cast<int>(p.wait_time(screen, end).count());
        // A timed-out wait does not prove an empty queue (SDL 2.26): the loop comes back here
        // before it gives up.
        bool got = wait > 0 ? SDL_WaitEventTimeout(&event, wait) == 1 : SDL_PollEvent(&event) == 1;
        for (; got; got = SDL_PollEvent(&event) == 1) {
            const std::vector<view::Intent> more = p.handle(event);
            intents.insert(intents.end(), more.begin(), more.end());
            // One input at a time: what follows belongs to the screen that this one brings.
            if (!intents.empty()) break;
        }
        base::wipe_memory(&event, sizeof event);
        if (moves(screen) && Clock::now() >= p.next_phase) {
            p.next_phase = Clock::now() + phase_time;
            p.interaction.step_phase();
        }
        if (!intents.empty()) return intents;
        if (Clock::now() >= end) {
            p.woken = false;
            return intents;
        }
    }
}

void Window::wake() {
    SDL_Event event{};
    event.type = parts_->wake_event;
    // Zero or less: filtered or the queue is full; a full queue wakes the wait by itself.
    (void)SDL_PushEvent(&event);
}

void Window::flush_caches() {
    parts_->renderer.flush();
    base::wipe_memory(parts_->frame.pixels.data(),
                      parts_->frame.pixels.size() * sizeof(std::uint32_t));
    parts_->interaction = Interaction(parts_->renderer.theme().double_strike_ms);
    parts_->shown.reset();
}

bool Window::closed() const {
    return parts_->closed;
}
bool Window::take_activity() {
    return std::exchange(parts_->activity, false);
}
const a11y::Registry& Window::tree() const {
    return parts_->interaction.drawn().tree;
}
const std::string& Window::focus() const {
    return parts_->interaction.moment().focus;
}

}  // namespace shell
