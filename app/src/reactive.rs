//! Signals, memos and stored values with the names and the ways of leptos' own,
//! at a fraction of the code.
//!
//! Leptos compiles a signal and a memo anew for each type of value, which takes
//! kilobytes of the download each. Here all values lie behind one type in the
//! arena of leptos, beside one kind of trigger and one kind of memo, so a further
//! type of value costs next to nothing. When and what is run again is leptos'
//! affair as ever.

use std::any::Any;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::mem;
use std::rc::Rc;

use leptos::prelude::{
    Effect, Get as _, GetUntracked as _, LocalStorage, Memo as Version, Notify as _, Signal,
    StoredValue as Arena, Track as _, Trigger, WithValue as _, untrack,
};

/// A value that is kept, and freed with the owner that was current when it was
/// made. It tells nobody of its changes.
pub struct StoredValue<T> {
    place: Arena<Rc<dyn Any>, LocalStorage>,
    of: PhantomData<fn() -> T>,
}

impl<T: 'static> StoredValue<T> {
    /// Keeps a value.
    pub fn new(value: T) -> Self {
        Self {
            place: Arena::new_local(Rc::new(RefCell::new(value))),
            of: PhantomData,
        }
    }

    fn try_cell<R>(self, run: impl FnOnce(&RefCell<T>) -> R) -> Option<R> {
        fetch(self.place)?.downcast_ref().map(run)
    }

    fn cell<R>(self, run: impl FnOnce(&RefCell<T>) -> R) -> R {
        match self.try_cell(run) {
            Some(answer) => answer,
            None => gone(),
        }
    }

    /// Reads the value.
    pub fn with_value<R>(self, read: impl FnOnce(&T) -> R) -> R {
        self.cell(|cell| read(&cell.borrow()))
    }

    /// A copy of the value.
    pub fn get_value(self) -> T
    where
        T: Clone,
    {
        self.with_value(T::clone)
    }

    /// Changes the value, if its owner is still there.
    pub fn try_update_value<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        self.try_cell(|cell| change(&mut cell.borrow_mut()))
    }

    /// Changes the value.
    pub fn update_value<R>(self, change: impl FnOnce(&mut T) -> R) -> R {
        self.cell(|cell| change(&mut cell.borrow_mut()))
    }

    /// Puts another value in place.
    pub fn set_value(self, value: T) {
        self.cell(|cell| cell.replace(value));
    }
}

/// What lies at a place of the arena. Not part of what is compiled for each type.
#[inline(never)]
fn fetch(place: Arena<Rc<dyn Any>, LocalStorage>) -> Option<Rc<dyn Any>> {
    place.try_with_value(Rc::clone)
}

/// As with leptos' own, this is a mistake in the program.
#[cold]
fn gone() -> ! {
    unreachable!("a value was read after its owner had gone")
}

/// A value that runs again what read it when it changes.
pub struct RwSignal<T> {
    value: StoredValue<T>,
    changed: Trigger,
}

impl<T: 'static> RwSignal<T> {
    /// A signal with its first value.
    pub fn new(value: T) -> Self {
        Self {
            value: StoredValue::new(value),
            changed: Trigger::new(),
        }
    }

    /// Counts as reading.
    pub fn track(self) {
        self.changed.track();
    }

    /// Reads the value.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        self.track();
        self.with_untracked(read)
    }

    /// Reads the value once.
    pub fn with_untracked<R>(self, read: impl FnOnce(&T) -> R) -> R {
        self.value.with_value(read)
    }

    /// A copy of the value.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// A copy of the value, read once.
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.value.get_value()
    }

    /// A copy of the value, read once, if its owner is still there.
    pub fn try_get_untracked(self) -> Option<T>
    where
        T: Clone,
    {
        self.value.try_cell(|cell| cell.borrow().clone())
    }

    /// Changes the value.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        self.value.update_value(change);
        self.changed.notify();
    }

    /// Changes the value, and nothing runs again.
    pub fn update_untracked<R>(self, change: impl FnOnce(&mut T) -> R) -> R {
        self.value.update_value(change)
    }

    /// Puts another value in place.
    pub fn set(self, value: T) {
        self.value.set_value(value);
        self.changed.notify();
    }

    /// Puts another value in place, if its owner is still there; else gives it
    /// back.
    pub fn try_set(self, value: T) -> Option<T> {
        let mut value = Some(value);
        let put = self.value.try_update_value(|place| {
            if let Some(value) = value.take() {
                *place = value;
            }
        });
        if put.is_some() {
            self.changed.notify();
        }
        value
    }
}

/// A value that follows from others: computed when it is read and they changed;
/// what read it runs again only when it is another value then.
pub struct Memo<T> {
    value: StoredValue<Option<T>>,
    version: Version<u32>,
}

impl<T: 'static> Memo<T> {
    /// A memo of what a function gives; the function is told the value before.
    pub fn new(compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self
    where
        T: PartialEq,
    {
        Self::new_with_compare(compute, PartialEq::ne)
    }

    /// The same, where `changed` decides whether a value is another one.
    pub fn new_with_compare(
        compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
        changed: fn(&T, &T) -> bool,
    ) -> Self {
        let value = StoredValue::new(None);
        Self {
            value,
            version: version(Box::new(move || value.renew(&compute, changed))),
        }
    }

    /// Counts as reading.
    pub fn track(self) {
        self.version.get();
    }

    /// Reads the value.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        self.track();
        self.read(read)
    }

    /// Reads the value once.
    pub fn with_untracked<R>(self, read: impl FnOnce(&T) -> R) -> R {
        self.version.get_untracked();
        self.read(read)
    }

    /// A copy of the value.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// A copy of the value, read once.
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }

    fn read<R>(self, read: impl FnOnce(&T) -> R) -> R {
        self.value.with_value(|value| match value {
            Some(value) => read(value),
            None => unreachable!("a memo reads itself"),
        })
    }
}

impl<T: 'static> StoredValue<Option<T>> {
    /// Computes the value anew from the one before; says whether it is another.
    #[inline(never)]
    fn renew(self, compute: &dyn Fn(Option<&T>) -> T, changed: fn(&T, &T) -> bool) -> bool {
        let before = self.update_value(mem::take);
        let now = compute(before.as_ref());
        let changed = before.is_none_or(|before| changed(&before, &now));
        self.set_value(Some(now));
        changed
    }
}

/// Runs soon, and again soon after what it read has changed.
pub fn effect(run: impl FnMut() + 'static) {
    let run: Box<dyn FnMut()> = Box::new(run);
    Effect::new(run);
}

/// Runs `act` soon after what `read` reads has changed.
pub fn watch(read: impl Fn() + 'static, mut act: impl FnMut() + 'static) {
    let mut changed = false;
    effect(move || {
        read();
        if mem::replace(&mut changed, true) {
            untrack(&mut act);
        }
    });
}

/// Counts the changes of a memo's value.
fn version(renew: Box<dyn Fn() -> bool + Send + Sync>) -> Version<u32> {
    Version::new(move |version: Option<&u32>| {
        version
            .copied()
            .unwrap_or_default()
            .wrapping_add(u32::from(renew()))
    })
}

macro_rules! handles {
    ($($handle:ident),*) => {
        $(
            impl<T> Clone for $handle<T> {
                fn clone(&self) -> Self {
                    *self
                }
            }

            impl<T> Copy for $handle<T> {}
        )*
    };
}

handles!(StoredValue, RwSignal, Memo);

macro_rules! shown {
    ($($handle:ident),*) => {
        $(
            impl<T: Clone + Send + Sync + 'static> $handle<T> {
                /// The same as a signal of leptos, as views take it.
                pub fn signal(self) -> Signal<T> {
                    Signal::derive(move || self.get())
                }
            }

            impl<T: Clone + Send + Sync + 'static> From<$handle<T>> for Signal<T> {
                fn from(handle: $handle<T>) -> Self {
                    handle.signal()
                }
            }
        )*
    };
}

shown!(RwSignal, Memo);
