//! Names that a browser gives a page: globals, methods of the document, handler properties.
//! A name that is not here and that no script declares makes a script fail where it is read.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Global objects.
static OBJECTS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "console navigator screen history performance localStorage sessionStorage crypto customElements \
     visualViewport indexedDB caches speechSynthesis external chrome clientInformation scheduler trustedTypes \
     cookieStore locationbar menubar toolbar scrollbars statusbar personalbar styleMedia JSON Math Reflect \
     Intl Atomics WebAssembly CSS navigation viewport"
        .split_whitespace()
        .collect()
});

/// Global functions and constructors.
static FUNCTIONS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "setTimeout setInterval clearTimeout clearInterval requestAnimationFrame cancelAnimationFrame \
     requestIdleCallback cancelIdleCallback queueMicrotask addEventListener removeEventListener dispatchEvent \
     fetch alert confirm prompt print open close stop focus blur scroll scrollTo scrollBy moveTo moveBy \
     resizeTo resizeBy getComputedStyle matchMedia getSelection postMessage atob btoa encodeURIComponent \
     decodeURIComponent encodeURI decodeURI escape unescape eval parseInt parseFloat isNaN isFinite \
     structuredClone reportError createImageBitmap find captureEvents releaseEvents Object Array String \
     Number Boolean Function Date RegExp Promise Symbol Error TypeError RangeError SyntaxError ReferenceError \
     EvalError URIError AggregateError Map Set WeakMap WeakSet WeakRef FinalizationRegistry Proxy BigInt \
     ArrayBuffer SharedArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array \
     Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array Image Audio Option Event \
     CustomEvent EventTarget EventSource MouseEvent KeyboardEvent TouchEvent PointerEvent UIEvent WheelEvent \
     FocusEvent InputEvent MessageEvent PopStateEvent HashChangeEvent StorageEvent ErrorEvent ProgressEvent \
     AnimationEvent TransitionEvent DragEvent ClipboardEvent SubmitEvent PageTransitionEvent MutationObserver \
     MutationRecord IntersectionObserver IntersectionObserverEntry ResizeObserver ResizeObserverEntry \
     ReportingObserver XMLHttpRequest XMLSerializer XMLDocument XPathResult XPathEvaluator XSLTProcessor \
     FormData Headers Request Response URL URLSearchParams Blob File FileList FileReader Worker SharedWorker \
     ServiceWorker BroadcastChannel MessageChannel MessagePort AbortController AbortSignal TextEncoder \
     TextDecoder ReadableStream WritableStream TransformStream CompressionStream Node NodeList NodeFilter \
     NodeIterator TreeWalker Element Document DocumentFragment DocumentType ShadowRoot Attr Text Comment \
     CharacterData Range StaticRange Selection DOMParser DOMException DOMTokenList DOMRect DOMPoint DOMMatrix \
     DOMStringMap Window Navigator Location History Screen Storage StyleSheet StyleSheetList MediaQueryList \
     MediaRecorder MediaSource MediaStream Notification Performance PerformanceObserver PerformanceEntry \
     Crypto CryptoKey SubtleCrypto Animation KeyframeEffect AudioContext OfflineAudioContext Path2D ImageData \
     ImageBitmap OffscreenCanvas WebSocket WebGLRenderingContext WebGL2RenderingContext VTTCue TextTrack \
     ValidityState CustomElementRegistry FontFace Plugin PluginArray MimeType MimeTypeArray Touch TouchList \
     Lock LockManager Permissions PermissionStatus Geolocation Gamepad PaymentRequest \
     SpeechSynthesisUtterance WebKitCSSMatrix WebKitMutationObserver IdleDeadline InputDeviceInfo"
        .split_whitespace()
        .collect()
});

/// Globals whose value depends on the visitor.
static UNKNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "name status closed length opener frameElement innerWidth innerHeight outerWidth outerHeight screenX \
     screenY screenLeft screenTop scrollX scrollY pageXOffset pageYOffset devicePixelRatio origin \
     isSecureContext crossOriginIsolated event defaultStatus defaultstatus offscreenBuffering \
     originAgentCluster credentialless fence launchQueue sharedStorage documentPictureInPicture"
        .split_whitespace()
        .collect()
});

/// Methods of the document.
static DOCUMENT: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "createElement createElementNS createTextNode createDocumentFragment createComment createEvent \
     createRange getElementById getElementsByTagName getElementsByTagNameNS getElementsByClassName \
     getElementsByName querySelector querySelectorAll addEventListener removeEventListener dispatchEvent \
     write writeln open close hasFocus execCommand importNode adoptNode appendChild append prepend \
     insertBefore contains elementFromPoint"
        .split_whitespace()
        .collect()
});

/// Events that have a handler property.
static EVENTS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "load error unload beforeunload pageshow pagehide click dblclick scroll resize hashchange popstate \
     message storage online offline focus blur keydown keyup keypress mousedown mouseup mousemove mouseover \
     mouseout mouseenter mouseleave touchstart touchend touchmove readystatechange change input submit \
     contextmenu wheel animationend transitionend pointerdown pointerup orientationchange visibilitychange \
     copy paste select drag drop abort afterprint beforeprint languagechange rejectionhandled \
     unhandledrejection"
        .split_whitespace()
        .collect()
});

/// Beginnings of the names of constructors.
const FAMILIES: &[&str] = &["HTML", "SVG", "CSS", "RTC", "IDB", "WebKit", "Media", "Performance", "Audio", "webkit"];

/// Whether this is a global object of the browser.
pub(super) fn is_object(name: &str) -> bool {
    OBJECTS.contains(name)
}

/// Whether this is a global function or constructor of the browser.
pub(super) fn is_function(name: &str) -> bool {
    FUNCTIONS.contains(name)
}

/// Whether this is a global of the browser that is not known any better.
pub(super) fn is_other(name: &str) -> bool {
    let family = |f: &&str| name.len() > f.len() && name.starts_with(*f);
    UNKNOWN.contains(name) || FAMILIES.iter().any(family) && !name.contains('_')
}

/// Whether this is a method of the document.
pub(super) fn is_document_method(name: &str) -> bool {
    DOCUMENT.contains(name)
}

/// Whether this is an event handler property.
pub(super) fn is_handler(name: &str) -> bool {
    name.strip_prefix("on").is_some_and(|e| EVENTS.contains(e))
}
